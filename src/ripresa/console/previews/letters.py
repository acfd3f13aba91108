"""Letters as they come out of the printer: their pages as pictures, what they cost, and the PDF."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from babel import Locale
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.writing import locale
from ripresa.console.previews.basis import basis_of
from ripresa.contracts.calling.sayings import said_by
from ripresa.contracts.channel import Channels
from ripresa.contracts.letters.windows import WINDOWS, window_of
from ripresa.core.money import Money
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.templates.letters.blocks import FilledLetter
from ripresa.usecases.letters import looking
from ripresa.usecases.letters.looking import Reading
from ripresa.usecases.letters.preview import ADDRESSES, CannotPreview
from ripresa.usecases.letters.setting import window_for
from ripresa.usecases.shop_channels import open_shop_channels

WINDOW_NAMES: dict[str, Promise | str] = {
    "din-a": _("DIN A: the address at 27 mm"),
    "din-b": _("DIN B: the address at 45 mm"),
    "swiss-left": _("Switzerland, window on the left"),
    "swiss-right": _("Switzerland, window on the right"),
    "us-10": _("US no. 10, two windows"),
}
_PRICE_STANDS = 300  # seconds: a provider's calculator is not asked at every word
Find = Callable[[Reading], FilledLetter]


class SeenLetter(NamedTuple):
    """What is known of a letter that is looked at. `problem`: why there is nothing to see.

    `pages` is how many; `query` asks for them as they were counted. `price` None: nobody told one.
    `is_printed`: the shop has somebody who prints letters.
    """

    pages: range
    query: str
    price: Money | None
    is_printed: bool
    problem: str


def seen(request: ConsoleRequest, find: Find, stamp: object = "") -> dict[str, Any]:
    """A letter with its choices, for a page around it. `stamp`: what changes with its words."""
    opened = open_shop_channels()
    try:
        channels = opened.of(request.shop.id, request.now)
        reading = reading_of(request, channels)
        letter = _seen(request, reading, channels, find, stamp)
    finally:
        opened.close()
    countries = Locale.parse(locale()).territories
    return {
        "letter": letter,
        "window": reading.window.name,
        "windows": WINDOW_NAMES,
        "country": reading.country,
        "countries": [(code, countries[code]) for code in ADDRESSES],
    }


def _seen(
    request: ConsoleRequest, reading: Reading, channels: Channels, find: Find, stamp: object
) -> SeenLetter:
    is_printed = channels.letter.is_real
    try:
        outgoing = looking.printed(reading, find(reading))
    except CannotPreview as wrong:
        return SeenLetter(range(0), "", None, is_printed, said_by(wrong))
    asked = {
        name: request.GET[name] for name in ("cart", "coupon", "bought") if name in request.GET
    }
    query = {**asked, "window": reading.window.name, "country": reading.country, "of": str(stamp)}
    return SeenLetter(
        range(1, outgoing.pages + 1),
        urlencode(query),
        looking.price_of(outgoing, channels, _remembered),
        is_printed,
        "",
    )


def _remembered(question: str, ask: Callable[[], Money | None]) -> Money | None:
    found: Money | None = cache.get_or_set(question, ask, _PRICE_STANDS)
    return found


def reading_of(request: ConsoleRequest, channels: Channels | None = None) -> Reading:
    """For whom a letter is looked at, as the address says; else the shop's own envelope and country."""
    shop, asked = request.shop, request.GET
    usual = window_for(shop, channels.letter) if channels else None
    country = asked.get("country", "")
    return Reading(
        shop,
        own_letterhead(),
        WINDOWS.get(asked.get("window", "")) or usual or window_of(shop.country),
        country if country in ADDRESSES else shop.country,
        request.now,
        basis_of(request),
    )


def page_of(request: ConsoleRequest, find: Find, number: int) -> HttpResponse:
    """One page as a picture. Raises Http404."""
    reading = reading_of(request)
    try:
        pages = looking.pages_of(reading, find(reading))
    except CannotPreview as wrong:
        raise Http404(str(wrong)) from None
    if not 1 <= number <= len(pages):
        raise Http404("the letter has no such page")
    answer = HttpResponse(pages[number - 1], content_type="image/png")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def pdf_of(request: ConsoleRequest, find: Find, name: str) -> HttpResponse:
    """The whole as PDF, to be printed. Raises CannotPreview."""
    reading = reading_of(request)
    answer = HttpResponse(
        looking.printed(reading, find(reading)).pdf, content_type="application/pdf"
    )
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def of_text(template: str, language: str) -> Find:
    """The letter of a text that is finished."""
    return lambda reading: looking.of_text(reading, template, language)


@shop_page
def page(request: ConsoleRequest, template: str, language: str, number: int) -> HttpResponse:
    """A page of a finished text's letter."""
    return page_of(request, of_text(template, language), number)
