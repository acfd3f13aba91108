"""Links of messages: `<shop id>-<token>`. The token is the authority; only its hash is stored."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ripresa.domain.messages import queries as outbox
from ripresa.domain.messages.links import CLICK
from ripresa.domain.messages.short_codes import read_code
from ripresa.domain.shops import queries as shops
from ripresa.domain.shops.models import Shop

_LINK = re.compile(r"([0-9]{1,18})-([A-Za-z0-9_-]{8,200})")


@dataclass(frozen=True, slots=True)
class Found:
    """What a link leads to. `message_id` None: nobody was ever given this link."""

    shop: Shop | None
    message_id: UUID | None
    token_hash: bytes
    is_expired: bool
    purpose: str = ""


NOWHERE = Found(shop=None, message_id=None, token_hash=b"", is_expired=False)


def look_up(link_text: str, purpose: str, now: datetime) -> Found:
    """Look a link up. The hash is compared, so the time it takes tells nothing about tokens."""
    parts = _LINK.fullmatch(link_text)
    shop = shops.find_shop(int(parts[1])) if parts else None
    if parts is None or shop is None:
        return NOWHERE
    return _look_up(shop, parts[2], (purpose,), now)


def look_up_short(code: str, now: datetime) -> Found:
    """Look a short link up, whatever it is good for; `purpose` says what."""
    parts = read_code(code)
    shop = shops.find_shop(parts.shop_id) if parts else None
    if parts is None or shop is None:
        return NOWHERE
    return _look_up(shop, parts.token, ("restore", "unsubscribe", CLICK.name), now)


def _look_up(shop: Shop, token: str, purposes: Sequence[str], now: datetime) -> Found:
    token_hash = hashlib.sha256(token.encode()).digest()
    link = outbox.find_link(shop.id, token_hash, purposes)
    if link is None:
        return Found(shop, None, token_hash, is_expired=False)
    return Found(shop, link.message_id, token_hash, link.expires_at <= now, link.purpose)
