"""Addresses of ours that name a message: what comes to them is about it, and about nothing else.

`b+<key>@<bounce domain>` is the envelope sender of a mail, so that its bounces come there (VERP);
`r+<key>@<reply domain>` is where its reader answers. The key is a signed id of the message
(core/signed_ids.py); whether it is ours is for the caller to ask, here it is only taken apart.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.provider import BadSettings

_DOMAIN = re.compile(r"(?=.{1,190}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_LOCAL = re.compile(r"([br])(?:\+([a-z2-7]{1,58}))?", re.IGNORECASE)


class Use(StrEnum):
    """What an address of ours is for."""

    BOUNCE = "b"
    REPLY = "r"


class OwnAddress(NamedTuple):
    """An address of ours. `key` empty: it names no message."""

    use: Use
    key: str
    domain: str


def own_address(use: Use, key: str, domain: str) -> str:
    """The address at which to hear of a message."""
    return f"{use.value}+{key}@{domain}"


def read_own_address(address: str) -> OwnAddress | None:
    """An address taken apart; None: it can't be one of ours."""
    local, _, domain = address.strip().rpartition("@")
    match = _LOCAL.fullmatch(local)
    if match is None or not domain:
        return None
    return OwnAddress(Use(match[1].lower()), (match[2] or "").lower(), domain.lower())


def domain_setting(name: str, text: str) -> str:
    """A setting that is a domain, or empty. Raises BadSettings."""
    domain = text.strip().lower().rstrip(".")
    if domain and not _DOMAIN.fullmatch(domain):
        raise BadSettings(
            say(
                "{name} must be a domain such as bounce.shop.example, not {text!r}",
                name=name,
                text=text,
            )
        )
    return domain
