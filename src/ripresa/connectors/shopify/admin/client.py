"""One document at a time to the GraphQL Admin API, at the pace that its answers allow.

Costs and the leaky bucket: shopify.dev, apps/build/apis/graphql-admin/rate-limits. The bucket is this
app's in this shop, so what we wait for holds nobody else; a long wait is left to a later round.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ripresa.connectors.shopify.tokens import address_of, token_of
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.shops.asking import LONGEST_WAIT, ShopClient, asking
from ripresa.contracts.shops.connector import NotLetIn, Remedy, ShopAway

API_VERSION = "2026-10"
_TRIES = 5
_TOO_FAST, _TOO_MUCH, _DENIED = "THROTTLED", "MAX_COST_EXCEEDED", "ACCESS_DENIED"


class AccessDenied(NotLetIn):
    """The app may not read something. `fields`: the names that were asked for in vain."""

    def __init__(self, message: str, fields: frozenset[str]) -> None:
        super().__init__(message, Remedy.ALLOW)
        self.fields = fields


class TooCostly(ShopAway):
    """A document costs more than a shop ever grants: less has to be asked for at once."""


class Admin:
    """A shop's GraphQL Admin API."""

    def __init__(self, shop: ShopClient, url: str, token: str) -> None:
        self._shop = shop
        self._url = f"{url}/admin/api/{API_VERSION}/graphql.json"
        self._headers = {"x-shopify-access-token": token}
        self._bucket = _Bucket()
        self.denied: set[str] = set()

    def run(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The `data` of a document; what the app may not see is null in it, and named in `denied`.

        Raises ShopAway, NotLetIn, AccessDenied: what was asked for is nothing without what it may not see.
        """
        asked = {"query": document, "variables": dict(variables or {})}
        for _ in range(_TRIES):
            answer = self._shop.post(self._url, asked, self._headers)
            if not isinstance(answer, dict):
                raise ShopAway(say("Shopify answers with something else than data and errors"))
            self._bucket = _bucket_of(answer)
            errors = _listed(answer.get("errors"))
            if any(_code(error) == _TOO_FAST for error in errors):
                self._pause(self._bucket.missing)
                continue
            data = answer.get("data")
            if errors and not _is_of_use(data, errors):
                raise _refusal(errors)
            self.denied |= _fields(errors)
            if not isinstance(data, dict):
                raise ShopAway(say("Shopify answers without data"))
            return data
        raise ShopAway(say("Shopify says that it is asked too often"))

    def wait(self, seconds: float) -> bool:
        """Wait for the shop; False, at once: nobody can wait for so long."""
        return self._shop.wait(seconds)

    def fitting(self, size: int, latest: int) -> int:
        """How many things to ask for next: what can be had soon, at the cost of each of the `latest`."""
        each = self._bucket.asked / latest
        soon = self._bucket.left + LONGEST_WAIT * self._bucket.rate
        return max(1, min(size, int(soon / each))) if each else size

    def _pause(self, seconds: float) -> None:
        if not self._shop.wait(seconds):
            raise ShopAway(
                say(
                    "Shopify wants a pause of {seconds} s before it answers that",
                    seconds=format(seconds, ".0f"),
                )
            )


@dataclass(frozen=True, slots=True)
class _Bucket:
    """Points: what the latest document was to cost, what is `left`, and what flows back each second."""

    asked: float = 0.0
    left: float = 0.0
    rate: float = 0.0

    @property
    def missing(self) -> float:
        """Seconds until such a document fits; one where nothing is known."""
        return max(0.0, (self.asked - self.left) / self.rate) if self.rate else 1.0


def _bucket_of(answer: Mapping[str, Any]) -> _Bucket:
    try:
        cost = answer["extensions"]["cost"]
        status = cost["throttleStatus"]
        asked, left = float(cost["requestedQueryCost"]), float(status["currentlyAvailable"])
        return _Bucket(asked, left, float(status["restoreRate"]))
    except (KeyError, TypeError, ValueError):
        return _Bucket()


@contextmanager
def opened(settings: Mapping[str, str], *, within: timedelta | None = None) -> Iterator[Admin]:
    """The Admin API of the shop in `settings`. Raises NotLetIn where nothing lets us in."""
    url, token = address_of(settings), token_of(settings)
    with asking(url, within=within) as shop:
        yield Admin(shop, url, token)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """What comes is shaped as the schema says, or it is not believed. Raises ShopAway."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as wrong:
        raise ShopAway(
            say(
                "Shopify answers with something else than {what}: {why}", what=what, why=repr(wrong)
            )
        ) from wrong


def problems_of(payload: Any) -> tuple[str, ...]:
    """What a mutation says went wrong, in Shopify's words."""
    errors = payload.get("userErrors") if isinstance(payload, dict) else None
    return tuple(str(error.get("message", "")) for error in _listed(errors))


def _refusal(errors: list[dict[str, Any]]) -> Exception:
    words = "; ".join(dict.fromkeys(str(error.get("message", "")) for error in errors))
    denied = [error for error in errors if _code(error) == _DENIED]
    if denied:
        return AccessDenied(
            say("Shopify lets the app not read this: {words}", words=words), _fields(denied)
        )
    if any(_code(error) == _TOO_MUCH for error in errors):
        return TooCostly(say("Shopify will not answer so much at once: {words}", words=words))
    return ShopAway(say("Shopify answers with errors: {words}", words=words))


def _is_of_use(data: Any, errors: list[dict[str, Any]]) -> bool:
    """Whether all that is wrong is that something may not be seen, and something else is there."""
    is_there = isinstance(data, dict) and None not in data.values()
    return is_there and all(_code(error) == _DENIED for error in errors)


def _fields(errors: list[dict[str, Any]]) -> frozenset[str]:
    """What errors are about: the last name of each path."""
    paths = ([step for step in _path(error) if isinstance(step, str)] for error in errors)
    return frozenset(path[-1] for path in paths if path)


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
