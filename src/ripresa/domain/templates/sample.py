"""Made-up carts: one for previews, and the two extremes that every template has to bear."""

from datetime import UTC, datetime
from functools import lru_cache

from ripresa.core.money import Money
from ripresa.domain.templates.context import (
    MAX_ITEMS,
    MAX_WORDS,
    AgentFields,
    CartFields,
    CouponFields,
    ItemFields,
    LinkFields,
    MergeFields,
    PersonFields,
    ShopFields,
    build_context,
)
from ripresa.domain.templates.merge import MergeContext

_LINKS = LinkFields(
    restore="https://mail.shop.example/r/sample",
    unsubscribe="https://mail.shop.example/u/sample",
    view="https://mail.shop.example/v/sample",
)


def sample_fields() -> MergeFields:
    """A cart of three items as one meets it, without a coupon."""
    items = (
        ItemFields("Barolo DOCG 2019", 2, Money(2_990, "EUR"), "75 cl"),
        ItemFields("Extra virgin olive oil", 1, Money(1_450, "EUR"), "500 ml"),
        ItemFields("Hand-painted serving plate", 1, Money(4_800, "EUR")),
    )
    return MergeFields(
        person=PersonFields("ada@example.test", "Ada", "Rossi"),
        cart=CartFields(items, Money(12_230, "EUR")),
        links=_LINKS,
        shop=ShopFields("Bottega", "https://shop.example/", "Via Roma 1\n00184 Roma\nItaly"),
        agent=AgentFields("bruno@example.test", "Bruno", "Bianchi"),
    )


@lru_cache(maxsize=32)
def full_context(language: str) -> MergeContext:
    """Every field filled, titles as long and rows as many as can be."""
    title = "Wide " * (MAX_WORDS // 5)
    url = "https://shop.example/" + "x" * 200
    item = ItemFields(title, 99, Money(123_456_789, "EUR"), title, url, url)
    fields = MergeFields(
        person=PersonFields(f"{'a' * 60}@example.test", title, title),
        cart=CartFields((item,) * MAX_ITEMS, Money(10**12, "EUR")),
        links=_LINKS,
        shop=ShopFields(title, url, title),
        agent=AgentFields("b@example.test", title, title),
        coupon=CouponFields("BACK10", datetime(2026, 12, 31, 22, 0, tzinfo=UTC)),
    )
    return build_context(fields, language)


@lru_cache(maxsize=32)
def bare_context(language: str) -> MergeContext:
    """Nothing but what is always there, and one item."""
    fields = MergeFields(
        person=PersonFields("a@example.test"),
        cart=CartFields((ItemFields("Tea", 1, Money(1, "EUR")),), Money(1, "EUR")),
        links=_LINKS,
        shop=ShopFields("Bottega"),
    )
    return build_context(fields, language)
