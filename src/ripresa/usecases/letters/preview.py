"""A letter as it would be printed, of a made-up cart: nothing is sent and nothing is kept."""

from dataclasses import dataclass, replace
from datetime import datetime

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.channel import PostalAddress
from ripresa.contracts.letters.windows import Window
from ripresa.core.ids import new_id
from ripresa.domain.messages import links
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.scenarios.plans_in_force import plans_of_all
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.context import (
    CouponFields,
    LinkFields,
    MergeFields,
    ShopFields,
    build_context,
)
from ripresa.domain.templates.letters.blocks import FilledLetter
from ripresa.domain.templates.letters.compiling import compile_letter, fill
from ripresa.domain.templates.letters.source import parse_letter
from ripresa.domain.templates.merge import CannotMerge
from ripresa.domain.templates.render import TemplateMissing
from ripresa.domain.templates.sample import sample_fields
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.letters.setting import Draft, Press, Ready, print_drafts

ADDRESSES = {
    "IT": PostalAddress("Ada Rossi", ("Via Garibaldi 12",), "00184", "Roma", "RM", "IT"),
    "DE": PostalAddress("Ada Schäfer", ("Lindenstraße 12",), "10969", "Berlin", "", "DE"),
    "AT": PostalAddress("Ada Huber", ("Mariahilfer Straße 12",), "1060", "Wien", "", "AT"),
    "CH": PostalAddress("Ada Müller", ("Bahnhofstrasse 12",), "8001", "Zürich", "", "CH"),
    "RO": PostalAddress("Ada Țăranu", ("Str. Ștefan cel Mare 12",), "020121", "București", "", "RO"),
    "RU": PostalAddress("Ада Иванова", ("ул. Садовая, 12",), "190000", "Санкт-Петербург", "", "RU"),
    "US": PostalAddress("Ada Smith", ("12 Market Street",), "94103", "San Francisco", "CA", "US"),
    "GB": PostalAddress("Ada Smith", ("12 Baker Street",), "NW1 6XE", "London", "", "GB"),
}  # fmt: skip


_SAMPLE_CODE = "SAMPLE-2468"


class CannotPreview(ValueError):
    """There is nothing to show; the message says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show. `source`: a letter as its author wrote it, instead of a preset's."""

    template: str
    language: str
    window: Window
    country: str
    source: str = ""
    coupon: str = ""


def address_in(country: str) -> PostalAddress:
    """Somebody made up who lives there; in Italy, for a country without one."""
    return ADDRESSES.get(country, ADDRESSES["IT"])


def letter_of(*, shop_id: int, scenario: str, step: str, wanted: Wanted) -> Wanted:
    """`wanted`, as a step of one of the shop's scenarios sends it; without `step`, its first letter.

    A step with a coupon shows a made-up code where none is wanted. Raises CannotPreview.
    """
    plans = plans_of_all(shop_id)
    if scenario not in plans:
        there = ", ".join(sorted(plans)) or "none"
        raise CannotPreview(f"there is no scenario {scenario!r}; there are: {there}")
    plan = plans[scenario]
    letters = [one for branch in plan.branches for one in branch.steps if "letter" in one.channels]
    if not letters:
        raise CannotPreview(f"the scenario {scenario!r} sends no letter")
    found = next((one for one in letters if step in {"", one.id}), None)
    if found is None:
        there = ", ".join(dict.fromkeys(one.id for one in letters))
        raise CannotPreview(f"{scenario!r} has no letter in a step {step!r}; there are: {there}")
    code = wanted.coupon or (_SAMPLE_CODE if found.coupon else "")
    return replace(
        wanted,
        template=found.template,
        language=plan.language_for(wanted.language or None),
        coupon=code,
    )


def preview(*, shop: Shop, letterhead: Letterhead, wanted: Wanted, now: datetime) -> bytes:
    """The letter as a PDF. Raises CannotPreview, TemplateError."""
    message_id = new_id(now)
    fields = _fields(shop, letterhead, wanted, now)
    letter = _filled(shop.id, fields, wanted)
    to = address_in(wanted.country)
    (printed,) = print_drafts(
        Press(shop, letterhead, wanted.window, now), [Draft(message_id, to, letter)]
    )
    if not isinstance(printed, Ready):
        raise CannotPreview(str(getattr(printed, "detail", printed)))
    return printed.outgoing.pdf


def _filled(shop_id: int, fields: MergeFields, wanted: Wanted) -> FilledLetter:
    context = build_context(fields, wanted.language)
    if wanted.source:
        return fill(compile_letter(parse_letter(wanted.source), wanted.language), context)
    try:
        letter = Texts(shop_id).render(wanted.template, "letter", wanted.language, context).letter
    except (TemplateMissing, CannotMerge) as missing:
        raise CannotPreview(said_by(missing)) from None
    if letter is None:
        raise CannotPreview(say("{template} is no letter", template=wanted.template))
    return letter


def _fields(shop: Shop, letterhead: Letterhead, wanted: Wanted, now: datetime) -> MergeFields:
    # Links of a message that never was: they lead nowhere, and are as long as real ones.
    nobody = new_id(now)
    restore, unsubscribe, view = (
        letterhead.url(purpose, shop.id, nobody, is_short=purpose is not links.VIEW)
        for purpose in (links.RESTORE, links.UNSUBSCRIBE, links.VIEW)
    )
    return replace(
        sample_fields(),
        shop=ShopFields(shop.name, shop.store_url, shop.address),
        links=LinkFields(restore, unsubscribe, view),
        coupon=CouponFields(wanted.coupon) if wanted.coupon else None,
    )
