"""What a template says of a made-up cart: nothing is sent, nothing is kept, no link leads anywhere."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from ripresa.contracts.sms.text import SmsCount, count
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.document import Document
from ripresa.domain.templates.blocks.writing import source_of
from ripresa.domain.templates.compile import compile_template, compile_text
from ripresa.domain.templates.context import CouponFields, LinkFields, MergeFields, ShopFields
from ripresa.domain.templates.context import build_context as laid_out
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.merge import MergeContext
from ripresa.domain.templates.render import Rendered, TemplateMissing, render, render_sms
from ripresa.domain.templates.sample import sample_fields
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.own_templates import faults

# RFC 2606: nobody has this host, so nothing can come of a click.
_NOWHERE = "https://preview.invalid"
# What stands in a message about a wrong tag must not be taken for one.
_NO_TAGS = str.maketrans({"{": "(", "}": ")", "|": "/", "%": "‰"})
_CODE, _VALID_FOR = "BACK10", timedelta(days=2)


class NothingToShow(LookupError):
    """No template of this name speaks this language in this channel."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as it would read. `count` for a short message only."""

    rendered: Rendered
    count: SmsCount | None


def sample_context(shop: Shop, language: str, now: datetime) -> MergeContext:
    """A cart of three items and a coupon, signed by this shop."""
    return laid_out(_fields(shop, now), language, ZoneInfo(shop.timezone))


def preview_message(
    *, shop: Shop, template: str, channel: str, language: str, now: datetime
) -> Preview:
    """Render a preset over the sample. Raises NothingToShow."""
    try:
        rendered = Texts(shop.id).render(
            template, channel, language, sample_context(shop, language, now)
        )
    except TemplateMissing as missing:
        raise NothingToShow(str(missing)) from None
    return Preview(rendered, count(rendered.text) if channel == "sms" else None)


def preview_document(*, shop: Shop, document: Document, language: str, now: datetime) -> Rendered:
    """A template that is still being written, as far as it goes: what is wrong says so in its place."""
    shown = document
    for slot, problem in faults(document, language).items():
        shown = shown.with_words(language, slot, f"… ({problem.translate(_NO_TAGS)})")
    context = sample_context(shop, language, now)
    try:
        return render(compile_template(source_of(shown, language)), context)
    except TemplateError as problem:
        return Rendered("", f"<p>{escape(str(problem))}</p>", str(problem))


def preview_sms(*, shop: Shop, text: str, language: str, now: datetime) -> tuple[str, SmsCount]:
    """A short message with the sample in it, and what it costs. Raises TemplateError."""
    compiled = compile_text(language=language, subject="", text=text)
    said = render_sms(compiled, sample_context(shop, language, now)).text
    return said, count(said)


def _fields(shop: Shop, now: datetime) -> MergeFields:
    return replace(
        sample_fields(),
        shop=ShopFields(shop.name, shop.store_url, shop.address),
        links=LinkFields(f"{_NOWHERE}/r/1", f"{_NOWHERE}/u/1", f"{_NOWHERE}/v/1"),
        coupon=CouponFields(_CODE, now + _VALID_FOR),
    )
