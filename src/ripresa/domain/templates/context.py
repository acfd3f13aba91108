"""What a template is filled with: typed values in, plain strings, ints, lists and dicts out.

Here is the one place where values from outside become safe for every part: one line each, no
control characters, no marks that turn the reading direction, a bounded length, and only http or
https for addresses. Whether a shop's own hosts are meant is decided where events come in.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time

from ripresa.core.money import Money
from ripresa.domain.templates.language.kinds import HTTP
from ripresa.domain.templates.merge import MergeContext

FIRST_ITEMS = 5  # rows that a mail shows
MAX_ITEMS = 100  # rows that a template may go through
MAX_WORDS = 300  # characters of a name or title
MAX_ADDRESS = 2_000

_GAPS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
# Marks that turn or isolate the reading direction can make a text read as another one.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PersonFields:
    """Who is written to. All texts may be empty. `has_bought`: an order of hers stands."""

    email: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    has_bought: bool = False


@dataclass(frozen=True, slots=True)
class AgentFields:
    """The sales agent who signs."""

    email: str
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, slots=True)
class ItemFields:
    """One row of a cart. `unit_price` is for one piece; a missing title becomes a dash."""

    title: str
    quantity: int
    unit_price: Money
    variant: str = ""
    image_url: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CartFields:
    """A cart as it is now."""

    items: tuple[ItemFields, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class LinkFields:
    """Our own links of one message: absolute, http(s)."""

    restore: str
    unsubscribe: str
    view: str


@dataclass(frozen=True, slots=True)
class ShopFields:
    """The shop as it signs. `address` is the postal one, in any number of lines."""

    name: str
    url: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class CouponFields:
    """A code and the instant (aware) at which it ends, if it does."""

    code: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MergeFields:
    """All that one message is filled with."""

    person: PersonFields
    cart: CartFields
    links: LinkFields
    shop: ShopFields
    agent: AgentFields | None = None
    coupon: CouponFields | None = None


def build_context(fields: MergeFields, language: str, zone: tzinfo = UTC) -> MergeContext:
    """Lay `fields` out for `merge`: money and dates as readers of `language` in `zone` write them.

    Every field is there; one without a value is the empty text. Raises ValueError when one of our
    own links is no http(s) address.
    """
    locale = locale_of(language)
    return MergeContext(
        {
            "person": {
                **_person(fields.person),
                "phone": words(fields.person.phone),
                "has_bought": fields.person.has_bought,
            },
            "agent": _person(fields.agent or AgentFields("")),
            "cart": _cart(fields.cart, locale),
            "links": {
                "restore": _own_link(fields.links.restore),
                "unsubscribe": _own_link(fields.links.unsubscribe),
                "view": _own_link(fields.links.view),
            },
            "coupon": _coupon(fields.coupon, locale, zone),
            "shop": {
                "name": words(fields.shop.name),
                "url": web_address(fields.shop.url),
                "address": words(re.sub(r",?\s*\n\s*", ", ", fields.shop.address.strip())),
            },
        },
    )


def words(text: str) -> str:
    """`text` as one clean line of at most MAX_WORDS characters."""
    line = _GAPS.sub(" ", _DIRECTIONS.sub("", text)).strip()
    return line if len(line) <= MAX_WORDS else f"{line[: MAX_WORDS - 1].rstrip()}…"


def web_address(text: str) -> str:
    """`text` if it is an http(s) address, else the empty text. Blanks inside are written %20."""
    address = text.strip().replace(" ", "%20")
    return address if len(address) <= MAX_ADDRESS and HTTP.match(address) else ""


def _own_link(text: str) -> str:
    if web_address(text) != text or not text:
        raise ValueError(f"{text!r} is no http(s) address")
    return text


def _person(person: PersonFields | AgentFields) -> dict[str, Any]:
    first, last = words(person.first_name), words(person.last_name)
    return {
        "first_name": first,
        "last_name": last,
        "name": f"{first} {last}".strip(),
        "email": words(person.email),
    }


def _cart(cart: CartFields, locale: str) -> dict[str, Any]:
    items = [_item(item, locale) for item in cart.items[:MAX_ITEMS]]
    return {
        "items": items,
        "first_items": items[:FIRST_ITEMS],
        "more_count": max(len(cart.items) - FIRST_ITEMS, 0),
        "item_count": sum(item.quantity for item in cart.items),
        "total": _money(cart.total, locale),
    }


def _item(item: ItemFields, locale: str) -> dict[str, Any]:
    price = item.unit_price
    return {
        "title": words(item.title) or "–",
        "variant": words(item.variant),
        "quantity": item.quantity,
        "unit_price": _money(price, locale),
        "line_total": _money(Money(price.minor * item.quantity, price.currency), locale),
        "image_url": web_address(item.image_url),
        "url": web_address(item.url),
    }


def _coupon(coupon: CouponFields | None, locale: str, zone: tzinfo) -> dict[str, Any]:
    if coupon is None:
        return {"code": "", "expires_at": ""}
    expires_at = ""
    if coupon.expires_at is not None:
        day = format_skeleton("MMMMd", coupon.expires_at, zone, locale=locale)
        expires_at = f"{day}, {format_time(coupon.expires_at, 'short', zone, locale)}"
    return {"code": words(coupon.code), "expires_at": expires_at}


@lru_cache(maxsize=16_384)
def _money(money: Money, locale: str) -> str:
    # Babel takes some 40 µs, six times a mail; a shop's prices come again and again.
    return money.text(locale)


@lru_cache(maxsize=256)
def locale_of(language: str) -> str:
    """Babel's name for a language tag; for a region Babel does not know, the language alone."""
    for tag in (language, language.partition("-")[0]):
        try:
            return str(Locale.parse(tag, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return "en"
