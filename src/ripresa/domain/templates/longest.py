"""What a short message is counted with before anyone gets it: every field as long as it gets.

"As long as it gets" is what nearly nobody exceeds; a name or title has no end, and each is cut at the
very end of what a template may show (context.py). Our own links and the coupon are exact.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from ripresa.core.money import Money
from ripresa.domain.templates.context import (
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

# Characters. First names: the longest of the hundred most usual ones in Romania and Germany, double
# names included; titles: what shops cut them to themselves.
FIRST_NAME, LAST_NAME, EMAIL, TITLE, VARIANT, ADDRESS = 20, 25, 40, 60, 30, 200
ITEMS = 5
TOTAL_MINOR = 9_999_999  # 99,999.99
PRICE_MINOR = 999_999
_MONTHS = range(1, 13)
# In names and titles, one letter that is not in the GSM alphabet makes every letter dearer.
PLAIN, FOREIGN = "a", "ș"


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known exactly: the shop, the links, and the longest code that may stand in the text."""

    shop: ShopFields
    currency: str
    links: LinkFields
    coupon_code: str


def longest_context(frame: Frame, language: str, *, letter: str = PLAIN) -> MergeContext:
    """Every field filled, free text with `letter`s, and the coupon's end on its longest day."""
    contexts = (_context(frame, language, letter, month) for month in _MONTHS)
    return max(contexts, key=lambda context: len(context["coupon"]["expires_at"]))


def _context(frame: Frame, language: str, letter: str, month: int) -> MergeContext:
    item = ItemFields(
        title=letter * TITLE,
        quantity=99,
        unit_price=Money(PRICE_MINOR, frame.currency),
        variant=letter * VARIANT,
        url="https://" + "x" * ADDRESS,
    )
    coupon = None
    if frame.coupon_code:
        coupon = CouponFields(frame.coupon_code, datetime(2028, month, 28, 23, 58, tzinfo=UTC))
    fields = MergeFields(
        person=PersonFields("x" * EMAIL, letter * FIRST_NAME, letter * LAST_NAME, "+" + "9" * 15),
        cart=CartFields((item,) * ITEMS, Money(TOTAL_MINOR, frame.currency)),
        links=frame.links,
        shop=frame.shop,
        agent=AgentFields("x" * EMAIL, letter * FIRST_NAME, letter * LAST_NAME),
        coupon=coupon,
    )
    return build_context(fields, language)
