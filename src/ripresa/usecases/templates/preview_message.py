"""What a template says of a made-up or a real cart: nothing is sent or kept, and no link leads anywhere."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from ripresa.contracts.calling.sayings import said_by
from ripresa.contracts.sms.text import SmsCount, count
from ripresa.core.money import Money
from ripresa.domain.carts.models import Cart
from ripresa.domain.carts.queries import find_cart
from ripresa.domain.carts.rules import Line
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.document import Document
from ripresa.domain.templates.blocks.kits import look_of
from ripresa.domain.templates.blocks.looks import setting_of
from ripresa.domain.templates.blocks.writing import source_of
from ripresa.domain.templates.compile import compile_template, compile_text
from ripresa.domain.templates.context import (
    CartFields,
    CouponFields,
    ItemFields,
    LinkFields,
    MergeFields,
    PersonFields,
    ShopFields,
)
from ripresa.domain.templates.context import build_context as laid_out
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.merge import CannotMerge, MergeContext
from ripresa.domain.templates.render import Rendered, TemplateMissing, render, render_sms
from ripresa.domain.templates.sample import sample_fields
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.templates.product_pictures import path_of
from ripresa.usecases.templates.template_faults import faults
from ripresa.usecases.templates.try_sms import as_it_leaves, harmless_links

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


@dataclass(frozen=True, slots=True)
class Basis:
    """Whom a preview is for. `cart_id` None: a made-up cart. `base`: where pictures are looked at.

    `marks`: blocks bear their ids, for the editor. `links`: where links lead; None: nowhere at all.
    """

    cart_id: UUID | None = None
    with_coupon: bool = True
    has_bought: bool = False
    base: str = ""
    marks: bool = False
    links: LinkFields | None = None


SAMPLE = Basis()


def recent_carts(shop_id: int, most: int = 10) -> list[tuple[Cart, Contact]]:
    """The newest carts of known people that hold something, with whose they are."""
    found = Cart.objects.filter(
        shop_id=shop_id, contact_id__isnull=False, is_bot=False, is_test=False, item_count__gt=0
    ).order_by("-left_at")[:most]
    carts = list(found)
    people = Contact.objects.filter(shop_id=shop_id, id__in={cart.contact_id for cart in carts})
    known = {person.id: person for person in people}
    return [(cart, known[cart.contact_id]) for cart in carts if cart.contact_id in known]


def sample_context(shop: Shop, language: str, now: datetime, basis: Basis = SAMPLE) -> MergeContext:
    """A cart and a coupon, signed by this shop."""
    return laid_out(_fields(shop, basis, now), language, ZoneInfo(shop.timezone))


def preview_message(
    *, shop: Shop, template: str, channel: str, language: str, now: datetime, basis: Basis = SAMPLE
) -> Preview:
    """Render a text of the shop, or a shipped one. Raises NothingToShow."""
    if channel == "sms":
        basis = _as_long_as_real(shop, basis)
    context = sample_context(shop, language, now, basis)
    try:
        rendered = Texts(shop.id, basis.base).render(template, channel, language, context)
    except (TemplateMissing, CannotMerge) as missing:
        raise NothingToShow(said_by(missing)) from None
    if channel != "sms":
        return Preview(rendered, None)
    rendered = as_it_leaves(shop, rendered)
    return Preview(rendered, count(rendered.text))


def preview_document(
    *, shop: Shop, document: Document, language: str, now: datetime, basis: Basis = SAMPLE
) -> Rendered:
    """A template that is still being written, as far as it goes: what is wrong says so in its place."""
    shown, brand = document, look_of(shop.id).brand
    blocks = {block.id: block for block in document.walk()}
    for slot, problem in faults(document, language, brand).items():
        said = f"… ({harmless(problem)})"
        kind = blocks[slot].kind if slot in blocks else ""
        if kind == "raw":
            said = f"<mj-text>{escape(said)}</mj-text>"
        if not (kind == "image" and document.said(language).get(slot)):
            shown = shown.with_words(
                language, slot, f"<p>{escape(said)}</p>" if kind == "text" else said
            )
    context = sample_context(shop, language, now, basis)
    setting = setting_of(brand, basis.base, marks=basis.marks)
    try:
        return render(compile_template(source_of(shown, language, setting)), context)
    except (TemplateError, CannotMerge) as problem:
        return Rendered("", f"<p>{escape(str(problem))}</p>", str(problem))


def harmless(text: str) -> str:
    """What is said of a wrong tag, to be shown in place of it."""
    return text.translate(_NO_TAGS)


def preview_sms(*, shop: Shop, text: str, language: str, now: datetime) -> tuple[str, SmsCount]:
    """A short message with the sample in it, and what it costs. Raises TemplateError."""
    compiled = compile_text(language=language, subject="", text=text)
    basis = _as_long_as_real(shop, SAMPLE)
    said = as_it_leaves(shop, render_sms(compiled, sample_context(shop, language, now, basis))).text
    return said, count(said)


def _as_long_as_real(shop: Shop, basis: Basis) -> Basis:
    """With links that take as many characters as those that leave: by them a short message is counted."""
    return replace(basis, links=basis.links or harmless_links(shop, own_letterhead()))


def _fields(shop: Shop, basis: Basis, now: datetime) -> MergeFields:
    fields = _cart_fields(shop, basis) if basis.cart_id else None
    fields = fields or sample_fields()
    return replace(
        fields,
        person=replace(fields.person, has_bought=basis.has_bought),
        shop=ShopFields(shop.name, shop.store_url, shop.address),
        links=basis.links or LinkFields(*(f"{_NOWHERE}/{path}/1" for path in "ruv")),
        coupon=CouponFields(_CODE, now + _VALID_FOR) if basis.with_coupon else None,
    )


def _cart_fields(shop: Shop, basis: Basis) -> MergeFields | None:
    """A real cart and whose it is; None: it is gone, or another shop's."""
    if basis.cart_id is None:
        return None
    cart = find_cart(shop.id, basis.cart_id)
    if cart is None:
        return None
    person = Contact.objects.filter(shop_id=shop.id, id__in=[cart.contact_id]).first()
    items = msgspec.convert(cart.items, list[Line])
    return replace(
        sample_fields(),
        person=PersonFields(
            (person and person.email) or "",
            (person and person.first_name) or "",
            (person and person.last_name) or "",
            (person and person.phone) or "",
        ),
        cart=CartFields(
            tuple(_item(shop, basis, line, cart.currency) for line in items),
            Money(cart.total_minor, cart.currency),
        ),
    )


def _item(shop: Shop, basis: Basis, line: Line, currency: str) -> ItemFields:
    copy = path_of(shop.id, line.image_url)
    return ItemFields(
        title=line.title or line.product,
        quantity=line.quantity,
        unit_price=Money(line.unit_minor, currency),
        variant=line.variant,
        # Whoever looks asks us, not the shop: see product_pictures.
        image_url=f"{basis.base}{copy}" if basis.base and copy else line.image_url,
        url=line.url,
    )
