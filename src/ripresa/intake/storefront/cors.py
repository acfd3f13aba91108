"""Letting the pages of a shop, and no other site's, talk to `/v1/collect` (WHATWG Fetch, CORS).

A preflight carries no key, so it cannot know the shop: it lets any site ask, and the request itself
is refused unless its Origin is one of the shop's hosts. No cookies are involved anywhere.
"""

import re
from collections.abc import Collection

from ripresa.intake.answers import Answer, Header, Refused
from ripresa.intake.storefront.rules import is_own_host

_ORIGIN = re.compile(rb"https?://([A-Za-z0-9.:\[\]-]{1,260})")
_PREFLIGHT_SECONDS = 7200
_VARY: Header = (b"vary", b"origin")


def preflight(origin: bytes | None) -> Answer:
    """The answer to OPTIONS."""
    answer = Answer(204, b"", ())
    if origin is None or not _ORIGIN.fullmatch(origin):
        return answer
    return answer.with_headers(
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", b"POST"),
        (b"access-control-allow-headers", b"authorization, content-type"),
        (b"access-control-max-age", b"%d" % _PREFLIGHT_SECONDS),
        _VARY,
    )


def require_own_origin(origin: bytes | None, hosts: Collection[str]) -> None:
    """Raises Refused (403) for a page of another site. Programs, which send no Origin, may pass."""
    if origin is None:
        return
    match = _ORIGIN.fullmatch(origin)
    if match is None or not is_own_host(match[1].decode().lower(), hosts):
        raise Refused(403, "foreign_origin", "this page is on none of the shop's hosts")


def readable(answer: Answer, origin: bytes | None) -> Answer:
    """`answer`, made readable for the page: also a refusal, or the script would retry for ever."""
    if origin is None or not _ORIGIN.fullmatch(origin):
        return answer
    return answer.with_headers(
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", b"retry-after"),
        _VARY,
    )
