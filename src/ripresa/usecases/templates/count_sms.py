"""What the short message of a template costs at most, before anyone gets it (MSG-5)."""

from collections.abc import Sequence

from ripresa.domain.coupons.pools import longest_code
from ripresa.domain.messages import links
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.catalogue import find_template, list_presets
from ripresa.domain.templates.compile import CompiledText
from ripresa.domain.templates.context import LinkFields, ShopFields
from ripresa.domain.templates.longest import Frame, LongestSms, count_compiled


class NoSuchTemplate(LookupError):
    """There is no short message of that name in that language; the text names those there are."""


def count_longest(
    *, shop: Shop, template: str, languages: Sequence[str], pool: str, letterhead: Letterhead
) -> list[LongestSms]:
    """One for each of `languages`, all that the template speaks if there is none.

    `pool` empty: without a coupon. Raises NoSuchTemplate, NoSuchPool.
    """
    frame = _frame(shop, letterhead, longest_code(shop.id, pool) if pool else "")
    return [_count(frame, template, one) for one in languages or _spoken(template)]


def _count(frame: Frame, template: str, language: str) -> LongestSms:
    if language not in _spoken(template):
        there = ", ".join(_spoken(template))
        raise NoSuchTemplate(f"{template} has no words in {language!r}; it has them in: {there}")
    compiled = find_template(template, "sms", language)
    if not isinstance(compiled, CompiledText):
        raise NoSuchTemplate(f"{template} says nothing by SMS")
    return count_compiled(compiled, frame)


def _spoken(template: str) -> Sequence[str]:
    by_name = {one.name: one for one in list_presets() if "sms" in one.channels}
    if template not in by_name:
        raise NoSuchTemplate(f"there is no {template!r} for SMS; there are: {', '.join(by_name)}")
    return by_name[template].languages


def _frame(shop: Shop, letterhead: Letterhead, code: str) -> Frame:
    def link(purpose: links.Purpose) -> str:
        return letterhead.url(purpose, shop.id, links.NO_MESSAGE, is_short=True)

    ours = LinkFields(link(links.RESTORE), link(links.UNSUBSCRIBE), letterhead.public_url)
    return Frame(ShopFields(shop.name, shop.store_url, shop.address), shop.currency, ours, code)
