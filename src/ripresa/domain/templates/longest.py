"""What a short message is counted with before anyone gets it: every field as long as it gets.

"As long as it gets" is what nearly nobody exceeds; a name or title has no end, and each is cut at the
very end of what a template may show (context.py). Our own links and the coupon are exact.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from ripresa.contracts.sms.text import SmsCount, count
from ripresa.core.money import Money
from ripresa.domain.templates.compile import CompiledText, compile_text
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
from ripresa.domain.templates.render import render_sms

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


@dataclass(frozen=True, slots=True)
class LongestSms:
    """A short message with its fields at their longest.

    `usual` where names and titles stay within the GSM alphabet, `most` where one letter of them does not.
    """

    language: str
    text: str
    usual: SmsCount
    most: SmsCount


# Where nothing is known of the shop: a name of usual length, links as long as a short name makes them.
SOME_SHOP = Frame(
    shop=ShopFields("A" * 20, "https://shop.example.com/", "A" * 60),
    currency="EUR",
    links=LinkFields(*(f"https://go.example.com/s/1{'a' * 11}",) * 3),
    coupon_code="A" * 12,
)


def count_text(text: str, language: str, frame: Frame = SOME_SHOP) -> LongestSms:
    """What an author's `text` costs at most. Raises TemplateError."""
    return count_compiled(compile_text(language=language, subject="", text=text), frame)


def count_compiled(compiled: CompiledText, frame: Frame) -> LongestSms:
    """What a text costs at most. Raises CannotMerge where it needs a coupon and there is none."""
    usual, most = (
        render_sms(compiled, longest_context(frame, compiled.language, letter=letter)).text
        for letter in (PLAIN, FOREIGN)
    )
    return LongestSms(compiled.language, usual, count(usual), count(most))


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
