"""A letter as it would come out of the printer, written to its end or not: nothing is sent or kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.channel import Channels, HasPrices, OutgoingLetter, PostalAddress
from ripresa.contracts.letters.windows import Window
from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.carts.queries import find_cart
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.scenarios.sending.addresses import postal_address
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.document import Document
from ripresa.domain.templates.blocks.on_paper import letter_of
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.letters.addresses import BadAddress
from ripresa.domain.templates.letters.blocks import FilledLetter
from ripresa.domain.templates.letters.compiling import (
    CompiledLetter,
    compile_letter,
    fill,
    filled_blocks,
)
from ripresa.domain.templates.letters.setting import CannotSet
from ripresa.domain.templates.letters.typeface import NoGlyph
from ripresa.domain.templates.merge import CannotMerge, MergeContext
from ripresa.domain.templates.render import TemplateMissing
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.letters.preview import CannotPreview, address_in
from ripresa.usecases.letters.setting import Draft, Press, Ready, look, print_drafts, spots
from ripresa.usecases.templates.preview_message import SAMPLE, Basis, harmless, sample_context
from ripresa.usecases.templates.template_faults import letter_faults
from ripresa.usecases.templates.try_sms import harmless_links

_TIMEOUT = timedelta(seconds=4)


@dataclass(frozen=True, slots=True)
class Reading:
    """For whom a letter is looked at, and in which envelope. `country`: where a made-up person lives."""

    shop: Shop
    letterhead: Letterhead
    window: Window
    country: str
    now: datetime
    basis: Basis = SAMPLE

    def context(self, language: str) -> MergeContext:
        """What is merged. Links are as long as real ones, and lead nowhere."""
        links = harmless_links(self.shop, self.letterhead)
        basis = replace(self.basis, links=links, base="", marks=False)
        return sample_context(self.shop, language, self.now, basis)

    @property
    def press(self) -> Press:
        """What it would be printed with."""
        return Press(self.shop, self.letterhead, self.window, self.now)


def of_text(reading: Reading, template: str, language: str) -> FilledLetter:
    """The letter of a text of the shop, or of a shipped one. Raises CannotPreview."""
    try:
        rendered = Texts(reading.shop.id).render(
            template, "letter", language, reading.context(language)
        )
    except (TemplateMissing, CannotMerge) as wrong:
        raise CannotPreview(said_by(wrong)) from None
    if rendered.letter is None:
        raise CannotPreview(say("{template} is no letter", template=template))
    return rendered.letter


def of_document(reading: Reading, document: Document, language: str) -> FilledLetter:
    """A letter that is still being written: what is wrong says so in its place. Raises CannotPreview."""
    try:
        return fill(_compiled(document, language), reading.context(language))
    except (TemplateError, CannotMerge) as wrong:
        raise CannotPreview(said_by(wrong)) from None


def _compiled(document: Document, language: str) -> CompiledLetter:
    for slot, problem in letter_faults(document, language).items():
        document = document.with_words(language, slot, f"… ({harmless(problem)})")
    return compile_letter(letter_of(document, language), language)


def block_at(reading: Reading, document: Document, language: str, place: tuple[int, float]) -> str:
    """The id of the block that stands at a place: the page, and how far down it, from 0 to 1.

    Empty where none of the author's does. Raises CannotPreview.
    """
    page, down = place
    try:
        numbered = filled_blocks(_compiled(document, language), reading.context(language))
        numbers = [number for number, _block in numbered]
        found = spots(reading.press, _draft(reading, of_document(reading, document, language)))
    except (TemplateError, CannotMerge, BadAddress, NoGlyph, CannotSet) as wrong:
        raise CannotPreview(said_by(wrong)) from None
    above = [one for one in found if (one.page, one.top) <= (page, down * reading.window.height)]
    number = numbers[above[-1].block] if above else len(document.letter)
    return document.letter[number].id if number < len(document.letter) else ""


def pages_of(reading: Reading, letter: FilledLetter) -> list[bytes]:
    """Its pages as PNG. Raises CannotPreview."""
    try:
        return look(reading.press, _draft(reading, letter))
    except (BadAddress, NoGlyph, CannotSet) as wrong:
        raise CannotPreview(said_by(wrong)) from None


def printed(reading: Reading, letter: FilledLetter) -> OutgoingLetter:
    """It as it would be handed over: the PDF and how many pages it has. Raises CannotPreview."""
    (done,) = print_drafts(reading.press, [_draft(reading, letter)])
    if not isinstance(done, Ready):
        raise CannotPreview(getattr(done, "detail", "") or str(done))
    return done.outgoing


Remember = Callable[[str, Callable[[], Money | None]], Money | None]


def price_of(letter: OutgoingLetter, channels: Channels, remembered: Remember) -> Money | None:
    """What the shop's provider asks for such a letter; None: it tells no prices, or there is none.

    `remembered` answers a question that was asked before: a price hangs on the country and the pages alone.
    """
    channel = channels.letter
    if not isinstance(channel, HasPrices):
        return None
    account: UUID | None = channels.accounts.get("letter")
    question = f"letter-price-{account}-{letter.recipient.country}-{letter.pages}"
    return remembered(question, lambda: channel.prices([letter], timeout=_TIMEOUT)[0])


def _draft(reading: Reading, letter: FilledLetter) -> Draft:
    return Draft(new_id(reading.now), _recipient(reading), letter)


def _recipient(reading: Reading) -> PostalAddress:
    """Whose cart it is, if a postman could find them; else somebody made up."""
    made_up = address_in(reading.country)
    if reading.basis.cart_id is None:
        return made_up
    cart = find_cart(reading.shop.id, reading.basis.cart_id)
    owner = cart.contact_id if cart else None
    person = Contact.objects.filter(shop_id=reading.shop.id, id=owner).first() if owner else None
    if person is None:
        return made_up
    name = " ".join(filter(None, (person.first_name, person.last_name)))
    found = None
    if person.address:
        found = postal_address(msgspec.json.encode(person.address).decode(), reading.shop.country)
    if found is None:
        return replace(made_up, name=name or made_up.name)
    return replace(found, name=found.name or name or made_up.name)
