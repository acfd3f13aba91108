"""Create a shop, its access keys, and people who work in it."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from babel.core import Locale, UnknownLocaleError
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from ripresa.contracts import plain_values as plain
from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops.models import AccessKey, Membership, Shop
from ripresa.domain.shops.secret_mark import leave_mark

# First parts of addresses that are not shops.
RESERVED = frozenset(
    {"c", "d", "m", "o", "p", "r", "s", "u", "v", "v1", "api", "connect", "health", "hooks"}
    | {"language", "login", "logout", "metrics", "ripresa", "static"}
)
MAX_SLUG = 60
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
ROLES = ("owner", "marketer", "agent", "viewer")


class NotASlug(ValueError):
    """The short name can't stand in an address; the message says what can."""


class NotASetting(ValueError):
    """A shop can't be set so; the message says how it can."""


class ShopExists(Exception):
    """A shop of that short name is there already; nothing was changed."""


class UserExists(Exception):
    """A user of that e-mail address is there already; nothing was changed."""


@dataclass(frozen=True, slots=True)
class NewShop:
    """A shop and its two keys. The secret one is shown this once: only its hash is kept."""

    shop: Shop
    secret_key: str
    public_key: str


@transaction.atomic
def create_shop(*, slug: str, name: str, now: datetime, **settings: Any) -> NewShop:
    """Create a shop; `settings` are columns of `shop`. Raises NotASlug, NotASetting, ShopExists."""
    if slug in RESERVED or len(slug) > MAX_SLUG or not _SLUG.fullmatch(slug):
        raise NotASlug(
            f"{slug!r} can't be a shop's short name: lower-case letters, digits and single hyphens, "
            f"at most {MAX_SLUG}, and none of {', '.join(sorted(RESERVED))}"
        )
    if Shop.objects.filter(slug=slug).exists():
        raise ShopExists(f"there is a shop {slug!r} already: choose another name")
    check_settings(settings)
    store_url = settings.get("store_url", "")
    host = urlsplit(store_url).hostname if store_url else None
    settings.setdefault("hosts", [host] if host else [])
    leave_mark()
    shop = Shop.objects.create(slug=slug, name=name, created_at=now, **settings)
    return NewShop(
        shop,
        add_key(shop=shop, kind="secret", label="first", now=now),
        add_key(shop=shop, kind="public", label="storefront", now=now),
    )


def check_settings(settings: Mapping[str, Any]) -> None:
    """Refuse what would break later, far from where it was said. Raises NotASetting."""
    for name, value in settings.items():
        if (rule := _RULES.get(name)) is not None and not rule[0](value):
            raise NotASetting(f"{name.replace('_', ' ')} can't be {str(value)[:60]!r}: {rule[1]}")


def _is_url(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_language(text: str) -> bool:
    """Whether people speak it: known to CLDR, by language and region."""
    try:
        return bool(plain.is_locale(text)) and Locale.parse(text.replace("-", "_")) is not None
    except (UnknownLocaleError, ValueError):
        return False


# Column -> whether a value will do, and what to write instead.
_RULES: Mapping[str, tuple[Callable[[Any], object], str]] = {
    "name": (lambda text: text.strip(), "write what customers know it by"),
    "hosts": (
        lambda hosts: all(map(_HOST.fullmatch, hosts)),
        "write names of hosts, like shop.example",
    ),
    "currency": (plain.is_currency, "write its ISO 4217 code, like EUR"),
    "timezone": (plain.is_timezone, "write its IANA name, like Europe/Rome"),
    "country": (
        lambda text: plain.normalise_country(text) == text,
        "write its ISO 3166 code of two letters, like IT",
    ),
    "language": (_is_language, "write its code, like it or pt-BR"),
    "abandoned_after": (
        lambda time: timedelta(minutes=1) <= time <= timedelta(days=30),
        "write 1m to 30d",
    ),
    "expires_after": (
        lambda time: timedelta(hours=1) <= time <= timedelta(days=3650),
        "write 1h to 3650d",
    ),
    "coupon_gap": (
        lambda time: time is None or timedelta(0) < time <= timedelta(days=3650),
        "write 1d to 3650d",
    ),
    "min_gap": (lambda time: time >= timedelta(0), "write 0h or more"),
    "store_url": (lambda text: not text or _is_url(text), "write it like https://shop.example"),
    "owner_email": (
        lambda text: not text or plain.normalise_email(text) == text,
        "write one address, like owner@shop.example",
    ),
}


@transaction.atomic
def add_key(*, shop: Shop, kind: str, label: str, now: datetime) -> str:
    """Give a shop one more access key; the text of a secret one is returned and never shown again."""
    prefix = {"secret": "rk", "public": "pk"}[kind]
    text = f"{prefix}_{shop.id}_{secrets.token_urlsafe(24)}"
    key_id = new_id(now)
    AccessKey.objects.create(
        shop=shop,
        id=key_id,
        kind=kind,
        digest=hashlib.sha256(text.encode()).digest(),
        text=text if kind == "public" else "",
        label=label,
        created_at=now,
    )
    write_down(
        shop_id=shop.id,
        action=Action.CREATED,
        subject=Subject(About.ACCESS_KEY, key_id, label),
        after={"kind": kind},
        now=now,
    )
    return text


@transaction.atomic
def create_user(*, email: str, password: str, shop: Shop, role: str, now: datetime) -> User:
    """Create someone who may work in `shop` as `role` (one of ROLES). Raises UserExists.

    The first owner is whom Ripresa writes to, unless the shop has named somebody already.
    """
    try:
        user = User.objects.create_user(email.lower(), email.lower(), password)
    except IntegrityError:
        raise UserExists(email) from None
    Membership.objects.create(shop=shop, id=new_id(now), user=user, role=role)
    if role == "owner" and plain.normalise_email(email) is not None:
        unnamed = Shop.objects.filter(id=shop.id, owner_email="")
        unnamed.update(owner_email=plain.normalise_email(email))
    return user
