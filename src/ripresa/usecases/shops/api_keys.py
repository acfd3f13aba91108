"""Keys to the management API: each opens one shop, for what its scopes say, until it is revoked.

A key reads `ak_<shop>_<id>_<secret>`: whoever finds one in a log can tell which to revoke.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.audit import acting
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops import queries
from ripresa.domain.shops.models import AccessKey, ApiKey, Shop

# read: look. write: change what does not make anything leave, or holds it back. send: let it leave.
# approve: answer as the second person, in the name of whoever made the key.
SCOPES = ("read", "write", "send", "approve")
_NOTED_EVERY = timedelta(hours=1)
_KEY = re.compile(r"ak_([1-9][0-9]{0,17})_([0-9a-f]{32})_[A-Za-z0-9_-]{32}", re.ASCII)


class NotAScope(ValueError):
    """A scope that there is not, or none at all; the message names those there are."""


class NoSuchKey(Exception):
    """The shop has no such key, or it was revoked before."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it was made. `text` is shown this once: only its hash is kept."""

    key: ApiKey
    text: str


@transaction.atomic
def add_api_key(*, shop: Shop, scopes: Collection[str], label: str, now: datetime) -> NewKey:
    """Give `shop` one more key. Raises NotAScope."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise NotAScope(f"a scope is one of {', '.join(SCOPES)}, and a key has at least one")
    key_id = new_id(now)
    text = f"ak_{shop.id}_{key_id.hex}_{secrets.token_urlsafe(24)}"
    key = ApiKey.objects.create(
        shop=shop,
        id=key_id,
        digest=_digest(text),
        label=label,
        scopes=[scope for scope in SCOPES if scope in scopes],
        created_at=now,
        made_by=acting.actor().user_id,
    )
    write_down(
        shop_id=shop.id,
        action=Action.CREATED,
        subject=Subject(About.API_KEY, key_id, label),
        after={"scopes": key.scopes},
        now=now,
    )
    return NewKey(key, text)


def find_api_key(text: str) -> ApiKey | None:
    """The key that `text` is, with its shop; None for one that is unknown or revoked."""
    if (match := _KEY.fullmatch(text)) is None:
        return None
    key = queries.find_api_key(int(match[1]), UUID(match[2]))
    if key is None or not hmac.compare_digest(bytes(key.digest), _digest(text)):
        return None
    return key if key.revoked_at is None else None


def note_use(key: ApiKey, now: datetime) -> None:
    """Keep when a key was used, to the hour."""
    if key.used_at is None or now - key.used_at >= _NOTED_EVERY:
        ApiKey.objects.filter(shop_id=key.shop_id, id=key.id).update(used_at=now)


@transaction.atomic
def revoke_api_key(*, shop_id: int, key_id: UUID, now: datetime) -> None:
    """End a key at once and for good. Raises NoSuchKey."""
    standing = ApiKey.objects.filter(shop_id=shop_id, id=key_id, revoked_at__isnull=True)
    if not standing.update(revoked_at=now):
        raise NoSuchKey(str(key_id))
    subject = Subject(About.API_KEY, key_id)
    write_down(shop_id=shop_id, action=Action.REVOKED, subject=subject, now=now)


@transaction.atomic
def revoke_key(*, shop_id: int, key_id: UUID, now: datetime) -> None:
    """End a key to the API, or one for events. Raises NoSuchKey."""
    standing = AccessKey.objects.filter(shop_id=shop_id, id=key_id, revoked_at__isnull=True)
    if not standing.update(revoked_at=now):
        revoke_api_key(shop_id=shop_id, key_id=key_id, now=now)
        return
    subject = Subject(About.ACCESS_KEY, key_id)
    write_down(shop_id=shop_id, action=Action.REVOKED, subject=subject, now=now)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
