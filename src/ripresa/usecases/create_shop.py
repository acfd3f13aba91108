"""Create a shop, its access keys, and people who work in it."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from ripresa.core.ids import new_id
from ripresa.domain.shops.models import AccessKey, Membership, Shop

# First parts of addresses that are not shops.
RESERVED = frozenset({"r", "u", "v", "api", "login", "logout", "static", "health", "v1", "ripresa"})
MAX_SLUG = 60
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ROLES = ("owner", "marketer", "agent", "viewer")


class NotASlug(ValueError):
    """The short name can't stand in an address; the message says what can."""


class ShopExists(Exception):
    """A shop of that short name is there already; nothing was changed."""


class UserExists(Exception):
    """A user of that e-mail address is there already; nothing was changed."""


@dataclass(frozen=True, slots=True)
class NewShop:
    """A shop and its two keys. The keys are shown this once: only their hashes are kept."""

    shop: Shop
    secret_key: str
    public_key: str


@transaction.atomic
def create_shop(*, slug: str, name: str, now: datetime, **settings: Any) -> NewShop:
    """Create a shop; `settings` are columns of `shop`. Raises NotASlug, ShopExists."""
    if slug in RESERVED or len(slug) > MAX_SLUG or not _SLUG.fullmatch(slug):
        raise NotASlug(
            f"{slug!r} can't be a shop's short name: lower-case letters, digits and single hyphens, "
            f"at most {MAX_SLUG}, and none of {', '.join(sorted(RESERVED))}"
        )
    if Shop.objects.filter(slug=slug).exists():
        raise ShopExists(f"there is a shop {slug!r} already: choose another name")
    store_url = settings.get("store_url", "")
    host = urlsplit(store_url).hostname if store_url else None
    settings.setdefault("hosts", [host] if host else [])
    shop = Shop.objects.create(slug=slug, name=name, created_at=now, **settings)
    return NewShop(
        shop,
        add_key(shop=shop, kind="secret", label="first", now=now),
        add_key(shop=shop, kind="public", label="storefront", now=now),
    )


def add_key(*, shop: Shop, kind: str, label: str, now: datetime) -> str:
    """Give a shop one more access key; the text is returned and never shown again."""
    prefix = {"secret": "rk", "public": "pk"}[kind]
    text = f"{prefix}_{shop.id}_{secrets.token_urlsafe(24)}"
    AccessKey.objects.create(
        shop=shop,
        id=new_id(now),
        kind=kind,
        digest=hashlib.sha256(text.encode()).digest(),
        label=label,
        created_at=now,
    )
    return text


@transaction.atomic
def create_user(*, email: str, password: str, shop: Shop, role: str, now: datetime) -> User:
    """Create someone who may work in `shop` as `role` (one of ROLES). Raises UserExists."""
    try:
        user = User.objects.create_user(email.lower(), email.lower(), password)
    except IntegrityError:
        raise UserExists(email) from None
    Membership.objects.create(shop=shop, id=new_id(now), user=user, role=role)
    return user
