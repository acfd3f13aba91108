"""The links, the Message-ID and the key of a message: all follow from its id and the install's secret.

So a retry says the same bytes, and nobody without the secret can guess a link. Only the hash of a
token is stored: who reads the database can open none of them.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from ripresa.contracts.feedback import CLICK_PATH, CLICK_PURPOSE, OPEN_PATH, OPEN_PURPOSE
from ripresa.core.config import load
from ripresa.core.signed_ids import Named, SignedIds
from ripresa.domain.messages import short_codes

# 160 bits: more than RFC 4086 asks of a secret that must stand for years.
_TOKEN_BYTES = 20
_GROUP = 5  # digits of a letter's code that stand together
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def read_letter_code(typed: str) -> str:
    """A code as `Letterhead.letter_code` writes it, from what a person typed; empty: it is none."""
    digits = typed.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    kept = "".join(one for one in digits if one.isalnum())
    if len(kept) != 2 * _GROUP or set(kept) - set(_DIGITS):
        return ""
    return f"{kept[:_GROUP]}-{kept[_GROUP:]}"


class Purpose(NamedTuple):
    """What a link is good for, the path it stands under, and for how long."""

    name: str
    path: str
    valid_for: timedelta


RESTORE = Purpose("restore", "r", timedelta(days=60))
# A reader may unsubscribe from a mail found years later.
UNSUBSCRIBE = Purpose("unsubscribe", "u", timedelta(days=3_650))
VIEW = Purpose("view", "v", timedelta(days=180))
PURPOSES = (RESTORE, UNSUBSCRIBE, VIEW)
# The short way by us to where an address in a short message leads: it goes as long as the message is kept.
CLICK = Purpose("click", "s", timedelta(days=3_650))
# So many of one message, at most, lead by way of us.
MOST_CLICKS = 20
# Links of a message that never was: as long as any, and leading nowhere.
NO_MESSAGE = UUID(int=0)


class StoredLink(NamedTuple):
    """A link as it is stored."""

    token_hash: bytes
    purpose: str
    expires_at: datetime


@dataclass(frozen=True)
class Letterhead:
    """What our own links and ids are made of: the public address of the install, and its secret.

    `short_url` is the address that short messages name; empty: the public one.
    """

    public_url: str
    secret_key: str = field(repr=False)
    short_url: str = ""

    @cached_property
    def _host(self) -> str:
        return urlsplit(self.public_url).hostname or "localhost"

    @cached_property
    def _key(self) -> bytes:
        return hashlib.sha256(b"ripresa links " + self.secret_key.encode()).digest()

    @cached_property
    def _keys(self) -> SignedIds:
        return SignedIds(self.secret_key, "message")

    def url(
        self, purpose: Purpose, shop_id: int, message_id: UUID, *, is_short: bool = False
    ) -> str:
        """The link as it stands in the message: `<public url>/<path>/<shop id>-<token>`.

        A short one: `<short url>/s/<code>`.
        """
        token = self._link_token(purpose, shop_id, message_id, is_short=is_short)
        if is_short:
            return self._short(shop_id, token)
        return f"{self.public_url}/{purpose.path}/{shop_id}-{token}"

    def stored(
        self,
        purpose: Purpose,
        shop_id: int,
        message_id: UUID,
        now: datetime,
        *,
        is_short: bool = False,
    ) -> StoredLink:
        """The same link as the database keeps it: the SHA-256 of its token."""
        token = self._link_token(purpose, shop_id, message_id, is_short=is_short)
        return StoredLink(_hash(token), purpose.name, now + purpose.valid_for)

    def mail_id(self, shop_id: int, message_id: UUID) -> str:
        """The RFC 5322 Message-ID, without its angle brackets; an answer names the message by it."""
        return f"{self.message_key(shop_id, message_id)}@{self._host}"

    def message_key(self, shop_id: int, message_id: UUID) -> str:
        """By what a message is named to providers (contracts/channel.py)."""
        return self._keys.sign(shop_id, message_id)

    def click_url(self, shop_id: int, message_id: UUID, number: int) -> str:
        """The way by us to link `number` of a message, from 0: see intake/tracking.py."""
        named = SignedIds(self.secret_key, CLICK_PURPOSE).sign(shop_id, message_id)
        return f"{self.public_url}{CLICK_PATH}{named}-{number}"

    def short_click_url(self, shop_id: int, message_id: UUID, number: int) -> str:
        """The same way from a short message: `<short url>/s/<code>`, on to `click_url`."""
        return self._short(shop_id, self._click_token(shop_id, message_id, number))

    def stored_click(
        self, shop_id: int, message_id: UUID, number: int, now: datetime
    ) -> StoredLink:
        """The same link as the database keeps it."""
        token = self._click_token(shop_id, message_id, number)
        return StoredLink(_hash(token), CLICK.name, now + CLICK.valid_for)

    def click_number(self, shop_id: int, message_id: UUID, token_hash: bytes) -> int | None:
        """Which link of the message a short one is; None: none of them."""
        tokens = (self._click_token(shop_id, message_id, each) for each in range(MOST_CLICKS))
        return next((at for at, token in enumerate(tokens) if _hash(token) == token_hash), None)

    def is_ours(self, url: str) -> bool:
        """Whether it leads to this install."""
        return url.startswith(
            tuple(f"{base}/" for base in (self.public_url, self.short_url) if base)
        )

    def open_url(self, shop_id: int, message_id: UUID) -> str:
        """The picture that tells of an open."""
        named = SignedIds(self.secret_key, OPEN_PURPOSE).sign(shop_id, message_id)
        return f"{self.public_url}{OPEN_PATH}{named}"

    def named_by(self, message_key: str) -> Named | None:
        """The message that a key names; None: it is none of ours."""
        return self._keys.read(message_key)

    def _link_token(
        self, purpose: Purpose, shop_id: int, message_id: UUID, *, is_short: bool
    ) -> str:
        if not is_short:
            return self._token(purpose.name, shop_id, message_id)
        return self._short_token(f"{purpose.name} {shop_id} {message_id}")

    def _click_token(self, shop_id: int, message_id: UUID, number: int) -> str:
        return self._short_token(f"{CLICK.name} {number} {shop_id} {message_id}")

    def _short_token(self, said: str) -> str:
        return short_codes.token_of(hmac.digest(self._key, f"short {said}".encode(), "sha256"))

    def _short(self, shop_id: int, token: str) -> str:
        base = self.short_url or self.public_url
        return f"{base}/s/{short_codes.write_code(shop_id, token)}"

    def letter_code(self, shop_id: int, message_id: UUID) -> str:
        """What is printed on a letter, so that a person can type it: two groups of five.

        Fifty bits in Crockford's base32: no letter in it looks like a digit.
        """
        said = f"letter {shop_id} {message_id}".encode()
        number = int.from_bytes(hmac.digest(self._key, said, "sha256")[:7], "big") >> 6
        digits = "".join(_DIGITS[number >> shift & 31] for shift in range(45, -5, -5))
        return f"{digits[:_GROUP]}-{digits[_GROUP:]}"

    def _token(self, purpose: str, shop_id: int, message_id: UUID) -> str:
        said = f"{purpose} {shop_id} {message_id}".encode()
        digest = hmac.digest(self._key, said, "sha256")
        return urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode().rstrip("=")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@lru_cache(maxsize=1)
def own_letterhead() -> Letterhead:
    """Links under this install's public address, signed with its secret."""
    config = load()
    return Letterhead(config.public_url, config.secret_key, config.short_url)
