"""One document at a time to the GraphQL Admin API, at the pace that its answers allow.

Costs and the leaky bucket: shopify.dev, apps/build/apis/graphql-admin/rate-limits. The bucket is this
app's in this shop, so what we wait for holds nobody else; a long wait is left to a later round.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from ripresa.connectors.shopify.tokens import address_of, token_of
from ripresa.contracts.shops.asking import ShopClient, asking
from ripresa.contracts.shops.connector import NotLetIn, ShopAway

API_VERSION = "2026-10"
_TRIES = 5
_TOO_FAST, _DENIED = "THROTTLED", "ACCESS_DENIED"


class AccessDenied(NotLetIn):
    """The app may not read something. `fields`: the names that were asked for in vain."""

    def __init__(self, message: str, fields: frozenset[str]) -> None:
        super().__init__(message)
        self.fields = fields


class Admin:
    """A shop's GraphQL Admin API."""

    def __init__(self, shop: ShopClient, url: str, token: str) -> None:
        self._shop = shop
        self._url = f"{url}/admin/api/{API_VERSION}/graphql.json"
        self._headers = {"x-shopify-access-token": token}
        self._needed_seconds = 0.0

    def run(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The `data` of a document. Raises ShopAway, NotLetIn, AccessDenied."""
        asked = {"query": document, "variables": dict(variables or {})}
        for _ in range(_TRIES):
            self._pace()
            answer = self._shop.post(self._url, asked, self._headers)
            if not isinstance(answer, dict):
                raise ShopAway("Shopify answers with something else than data and errors")
            self._note(answer)
            errors = _listed(answer.get("errors"))
            if any(_code(error) == _TOO_FAST for error in errors):
                continue
            if errors:
                raise _refusal(errors)
            data = answer.get("data")
            if not isinstance(data, dict):
                raise ShopAway("Shopify answers without data")
            return data
        raise ShopAway("Shopify says that it is asked too often")

    def wait(self, seconds: float) -> bool:
        """Wait for the shop; False, at once: nobody can wait for so long."""
        return self._shop.wait(seconds)

    def _pace(self) -> None:
        if self._needed_seconds and not self._shop.wait(self._needed_seconds):
            raise ShopAway(
                f"Shopify wants a pause of {self._needed_seconds:.0f} s before the next question"
            )
        self._needed_seconds = 0.0

    def _note(self, answer: Mapping[str, Any]) -> None:
        """How long the bucket needs until a document of the same cost fits into it."""
        try:
            cost = answer["extensions"]["cost"]
            status = cost["throttleStatus"]
            missing = float(cost["requestedQueryCost"]) - float(status["currentlyAvailable"])
            self._needed_seconds = max(0.0, missing / float(status["restoreRate"]))
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            self._needed_seconds = 1.0 if "errors" in answer else 0.0


@contextmanager
def opened(settings: Mapping[str, str], *, within: timedelta | None = None) -> Iterator[Admin]:
    """The Admin API of the shop in `settings`. Raises NotLetIn where nothing lets us in."""
    url, token = address_of(settings), token_of(settings)
    with asking(url, within=within) as shop:
        yield Admin(shop, url, token)


def problems_of(payload: Any) -> tuple[str, ...]:
    """What a mutation says went wrong, in Shopify's words."""
    errors = payload.get("userErrors") if isinstance(payload, dict) else None
    return tuple(str(error.get("message", "")) for error in _listed(errors))


def _refusal(errors: list[dict[str, Any]]) -> Exception:
    words = "; ".join(dict.fromkeys(str(error.get("message", "")) for error in errors))
    denied = [error for error in errors if _code(error) == _DENIED]
    if denied:
        fields = {
            str(step) for error in denied for step in _path(error) if not isinstance(step, int)
        }
        return AccessDenied(f"Shopify lets the app not read this: {words}", frozenset(fields))
    return ShopAway(f"Shopify answers with errors: {words}")


def _listed(errors: Any) -> list[dict[str, Any]]:
    if isinstance(errors, str):
        return [{"message": errors}]
    return (
        [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    )


def _code(error: Mapping[str, Any]) -> str:
    extensions = error.get("extensions")
    return str(extensions.get("code", "")) if isinstance(extensions, dict) else ""


def _path(error: Mapping[str, Any]) -> list[Any]:
    path = error.get("path")
    return path if isinstance(path, list) else []
