"""The letter of a text: its blocks beside the pages that come of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.connections.sayings import told_now
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.previews import letters
from ripresa.console.previews.basis import basis_of
from ripresa.console.texts import words
from ripresa.console.texts.managing import shipped
from ripresa.console.texts.shown import get_template, language_of, shown_letter
from ripresa.contracts.calling.sayings import said_by
from ripresa.domain.templates.blocks.document import load
from ripresa.domain.templates.models import OwnTemplate
from ripresa.usecases.letters import looking
from ripresa.usecases.letters.preview import CannotPreview
from ripresa.usecases.templates import own_templates
from ripresa.usecases.templates.preview_message import recent_carts
from ripresa.usecases.templates.template_faults import letter_faults


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def editor(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """The blocks of the letter with their words in a language; POST begins it with a shipped one."""
    template = get_template(request, template_id)
    if request.method == "POST":
        return _begin(request, template)
    document = load(template.document)
    return show(
        request,
        "console/texts/letter.html",
        "texts",
        **shown_letter(request, template),
        **_seen(request, template),
        languages=[
            (code, own, not letter_faults(document, code)) for code, own in ENDONYMS.items()
        ],
        presets=shipped(),
        carts=recent_carts(request.shop.id),
        basis=basis_of(request),
        chips=words.chips(),
    )


@shop_page
@changes_shop
def pages(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """The pages as they are now: how many, what they cost, and the pictures of them."""
    template = get_template(request, template_id)
    return show_part(
        request,
        "console/previews/_pages.html",
        own=template,
        language=language_of(request),
        **_seen(request, template),
    )


@shop_page
@changes_shop
def page(request: ConsoleRequest, template_id: UUID, language: str, number: int) -> HttpResponse:
    """One page as a picture."""
    template = get_template(request, template_id)
    return letters.page_of(request, _find(request, template, language), number)


@shop_page
@changes_shop
def spot(request: ConsoleRequest, template_id: UUID, language: str, number: int) -> HttpResponse:
    """The id of the block that stands on a page, `y` thousandths down; nothing where none does."""
    template = get_template(request, template_id)
    down = request.GET.get("y", "")
    thousandths = int(down[:4]) if down.isascii() and down.isdigit() else 0
    try:
        found = looking.block_at(
            letters.reading_of(request),
            load(template.document),
            language_of(request, language),
            (number, thousandths / 1000),
        )
    except CannotPreview:
        found = ""
    return HttpResponse(found, content_type="text/plain")


@shop_page
@changes_shop
def pdf(request: ConsoleRequest, template_id: UUID, language: str) -> HttpResponse:
    """The letter as it stands, to be printed."""
    template = get_template(request, template_id)
    try:
        name = f"{template.name}-{language_of(request, language)}"
        return letters.pdf_of(request, _find(request, template, language), name)
    except CannotPreview as wrong:
        messages.warning(request, told_now(said_by(wrong)).text)
        return redirect("text-letter", request.shop.slug, template.id)


def _seen(request: ConsoleRequest, template: OwnTemplate) -> dict[str, Any]:
    if not load(template.document).letter:
        return {"letter": None}
    return letters.seen(request, _find(request, template, ""), template.revision)


def _find(request: ConsoleRequest, template: OwnTemplate, language: str) -> letters.Find:
    spoken = language_of(request, language)
    return lambda reading: looking.of_document(reading, load(template.document), spoken)


def _begin(request: ConsoleRequest, template: OwnTemplate) -> HttpResponse:
    known = {one.name for one, _title in shipped()}
    preset = request.POST.get("preset", "")
    own_templates.begin_letter(
        template=template,
        preset=preset if preset in known else "reminder",
        who=request.user.get_username(),
        now=request.now,
    )
    messages.success(request, _("The letter begins with what the shipped one says."))
    return redirect("text-letter", request.shop.slug, template.id)
