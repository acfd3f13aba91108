"""Posting notices to an address that is a secret: what Slack, Teams and a webhook have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from ripresa.contracts.calling.carriers import Carriers
from ripresa.contracts.calling.fates import impossible, lasting, passing
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import Accepted, Fate, OutgoingNotice, Unknown
from ripresa.contracts.notices.notice import trouble_of_notice
from ripresa.contracts.provider import BadSettings
from ripresa.core.config import internal_hosts
from ripresa.core.http.client import Answer, Call, HttpClient

# Who posts to an address that was taken away, or not allowed, posts in vain until someone mends it.
_NEEDS_MENDING = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
)
_ANSWER_BYTES = 2_000
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Way:
    """What is one channel's own: its name, the call for a notice, and how many may be under way."""

    name: str
    call_of: Callable[[OutgoingNotice], Call]
    in_flight: int = 1


class PostingChannel:
    """Posts each notice with one call; a `Channel` of notices."""

    is_real = True

    def __init__(self, way: Way) -> None:
        """Calls nobody yet."""
        self.name = way.name
        self.in_flight = way.in_flight
        self._way = way
        self._client = HttpClient(connections=way.in_flight, internal_hosts=internal_hosts())
        self._carriers: Carriers[OutgoingNotice] = Carriers(
            self._post, in_flight=way.in_flight, is_idempotent=False, name=way.name
        )

    def send(self, batch: Sequence[OutgoingNotice], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; see Channel."""
        return self._carriers.send(batch, timeout=timeout)

    def close(self) -> None:
        """Wait for what is on the wire, then give back the connections."""
        self._carriers.close()
        self._client.close()

    def _post(self, notice: OutgoingNotice, deadline: float) -> Fate:
        if trouble := trouble_of_notice(notice):
            return impossible(trouble)
        call = self._way.call_of(notice)
        return self._fate(self._client.ask(call, deadline=deadline, only_first=_ANSWER_BYTES))

    def _fate(self, answer: Answer) -> Fate:
        detail = f"{self.name} answered {answer.status}: {answer.text.strip()[:_SHOWN]}"
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return Accepted(detail)
        if answer.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            return passing(detail)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Unknown(detail)
        if answer.status < HTTPStatus.BAD_REQUEST or answer.status in _NEEDS_MENDING:
            return lasting(detail)
        return impossible(detail)


def checked_address(url: str, *, hosts: Sequence[str] = (), advice: str) -> str:
    """An address to post to: https, and of one of `hosts` (or below one) where there are any.

    One of the own network is let through as RIPRESA_INTERNAL_HOSTS names it. Raises BadSettings with
    `advice`, never with the address.
    """
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise BadSettings(say("url is no web address; {advice}", advice=advice)) from None
    if not host or not url.isascii() or not url.isprintable() or " " in url or parts.username:
        raise BadSettings(say("url is no web address; {advice}", advice=advice))
    if host in internal_hosts():
        return url
    if parts.scheme != "https":
        raise BadSettings(say("url has to begin with https; {advice}", advice=advice))
    if hosts and not any(host == one or host.endswith(f".{one}") for one in hosts):
        raise BadSettings(say("url leads elsewhere; {advice}", advice=advice))
    return url
