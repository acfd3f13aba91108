"""A shop's endpoints: added with a secret that is shown once, changed, turned over to a new one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from ripresa.contracts.happenings.types import (
    Happening,
    HappeningType,
    NoSuchType,
    checked_patterns,
)
from ripresa.core.config import internal_hosts, load
from ripresa.core.http.signing import new_standard_secret
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.audit.words import Action
from ripresa.domain.webhooks import endpoints, telling
from ripresa.domain.webhooks.endpoints import NewEndpoint
from ripresa.domain.webhooks.models import WebhookEndpoint
from ripresa.usecases.providers.carriers_log import tell

LONGEST_NAME = 60
LONGEST_URL = 2_000
# How long the secret that was replaced signs as well, unless said otherwise.
OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=30)
_CURRENT, _PREVIOUS = "current", "previous"


class NotAnEndpoint(ValueError):
    """An endpoint can't be kept like this; `field` says what is wrong with it, the message why."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


class NoSuchEndpoint(Exception):
    """The shop has no endpoint of that name; the message names those it has."""


@dataclass(frozen=True, slots=True)
class Made:
    """An endpoint with its new secret, which is never shown again."""

    endpoint: WebhookEndpoint
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Endpoints:
    """The endpoints of all shops, their secrets sealed with `box`."""

    box: SecretBox | None = field(default=None, repr=False)  # None: that of this install

    def add(
        self, *, shop_id: int, name: str, url: str, patterns: Iterable[str], now: datetime
    ) -> Made:
        """Tell one more address what happens. Raises NotAnEndpoint, EndpointExists."""
        secret = new_standard_secret()
        new = NewEndpoint(
            _name(name), _address(url), _patterns(patterns), self._seal({_CURRENT: secret})
        )
        with transaction.atomic():
            made = endpoints.add(shop_id=shop_id, new=new, now=now)
            tell(made, Action.CREATED, now, {"types": made.patterns})
        return Made(made, secret)

    def rotate(self, endpoint: WebhookEndpoint, *, overlap: timedelta, now: datetime) -> Made:
        """A new secret; the old one signs as well for `overlap`. Raises NotAnEndpoint, CannotOpen."""
        if not timedelta() <= overlap <= LONGEST_OVERLAP:
            raise NotAnEndpoint(
                "overlap", f"the old secret may stay for 0 to {LONGEST_OVERLAP.days} days"
            )
        secret, old = new_standard_secret(), self._open(endpoint)[_CURRENT]
        sealed = self._seal({_CURRENT: secret, _PREVIOUS: old})
        with transaction.atomic():
            endpoints.change(endpoint, secrets=sealed, previous_until=now + overlap)
            tell(endpoint, Action.CHANGED, now, {"signing": "turned over"})
        return Made(endpoint, secret)

    def secrets_of(self, endpoint: WebhookEndpoint, now: datetime) -> list[str]:
        """What signs at `now`, the newest first. Raises CannotOpen."""
        kept = self._open(endpoint)
        is_overlap = endpoint.previous_until is not None and now < endpoint.previous_until
        return [kept[_CURRENT], *([kept[_PREVIOUS]] if is_overlap and _PREVIOUS in kept else [])]

    def _seal(self, secrets: dict[str, str]) -> bytes:
        return self._opened_box().seal(secrets)

    def _open(self, endpoint: WebhookEndpoint) -> dict[str, str]:
        return self._opened_box().open(bytes(endpoint.secrets))

    def _opened_box(self) -> SecretBox:
        return self.box or SecretBox.of(load())


def change(
    endpoint: WebhookEndpoint,
    *,
    now: datetime,
    url: str | None = None,
    patterns: Iterable[str] | None = None,
) -> None:
    """Give it another address, or other types. Raises NotAnEndpoint."""
    values: dict[str, object] = {}
    if url is not None:
        values["url"] = _address(url)
    if patterns is not None:
        values["patterns"] = _patterns(patterns)
    if not values:
        return
    with transaction.atomic():
        endpoints.change(endpoint, **values)
        # An address may hold a password in its query: only that it is another one is told.
        given = {"address": "another"} if values.get("url", endpoint.url) != endpoint.url else {}
        before = {"types": endpoint.patterns} if "patterns" in values else {}
        after = {"types": values["patterns"]} if "patterns" in values else {}
        tell(endpoint, Action.CHANGED, now, {**given, **after}, before=before)


@transaction.atomic
def pause(endpoint: WebhookEndpoint, *, now: datetime) -> bool:
    """Call it no more; what happens meanwhile waits. False: it was not called anyway."""
    is_new = endpoints.pause(endpoint)
    if is_new:
        tell(endpoint, Action.PAUSED, now)
    return is_new


@transaction.atomic
def resume(endpoint: WebhookEndpoint, *, now: datetime) -> bool:
    """Call it again, with what waited, at once. False: it was called all the time."""
    is_new = endpoints.resume(endpoint, now)
    if is_new:
        tell(endpoint, Action.RESUMED, now)
    return is_new


@transaction.atomic
def remove(endpoint: WebhookEndpoint, *, now: datetime) -> None:
    """Forget it, what it was to hear, and the log of its calls."""
    endpoints.remove(endpoint)
    tell(endpoint, Action.REMOVED, now)


def send_test(endpoint: WebhookEndpoint, now: datetime) -> UUID:
    """Tell an endpoint that nothing happened; returns the event's id."""
    note = "Nothing happened: somebody tries whether calls arrive."
    happening = Happening(HappeningType.WEBHOOK_TEST, endpoint.id, now, {"note": note})
    [event_id] = telling.put(endpoint.shop_id, [(happening, [endpoint.id])], now)
    return event_id


def get_endpoint(*, shop_id: int, name: str) -> WebhookEndpoint:
    """The endpoint of that name. Raises NoSuchEndpoint."""
    found = endpoints.find_named(shop_id, name.strip())
    if found is None:
        there = ", ".join(one.name for one in endpoints.list_endpoints(shop_id))
        raise NoSuchEndpoint(
            f"there is no endpoint {name!r}; "
            + (f"there are: {there}" if there else "the shop has none")
        )
    return found


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotAnEndpoint("name", f"a name has from 1 to {LONGEST_NAME} characters")
    return name


def _patterns(patterns: Iterable[str]) -> list[str]:
    try:
        return checked_patterns(patterns)
    except NoSuchType as wrong:
        raise NotAnEndpoint("types", str(wrong)) from None


def _address(text: str) -> str:
    """An address that may be called. Where it leads to is looked at again with each call."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise NotAnEndpoint("url", "that is no web address") from None
    if (
        parts.scheme not in {"https", "http"}
        or not host
        or not url.isascii()
        or not url.isprintable()
    ):
        raise NotAnEndpoint("url", "an endpoint is a web address, as in https://example.com/hook")
    if len(url) > LONGEST_URL or any(each.isspace() for each in url):
        raise NotAnEndpoint("url", f"an address has no spaces and at most {LONGEST_URL} characters")
    if parts.username is not None or parts.password is not None:
        raise NotAnEndpoint("url", "leave name and password out: the calls are signed")
    if parts.scheme == "http" and host not in internal_hosts():
        raise NotAnEndpoint(
            "url",
            f"{host} is not called without encryption: say https; "
            "if it stands in your own network, name it in RIPRESA_INTERNAL_HOSTS",
        )
    return url
