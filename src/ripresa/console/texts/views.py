"""The list of texts, the editor, its canvas, and what each change answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned
from ripresa.console.previews.views import LOOKS, Mail
from ripresa.console.texts.words import BLOCKS, INSERTS
from ripresa.console.wizard.texts import TEMPLATES
from ripresa.domain.templates.blocks.document import (
    LONGEST_WORDS,
    PREHEADER,
    SMS,
    SUBJECT,
    WORDED,
    Document,
    load,
)
from ripresa.domain.templates.catalogue import list_presets
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.models import OwnTemplate
from ripresa.usecases import own_templates
from ripresa.usecases.own_templates import MAIL, NameTaken, NotATemplate
from ripresa.usecases.preview_message import preview_document, preview_sms

CHANGED = "text-changed"


@require_http_methods(["GET", "POST"])
@shop_page
def text_list(request: ConsoleRequest) -> HttpResponse:
    """The shop's own templates and the shipped ones; POST begins a new one."""
    problem, name = "", cleaned(request.POST.get("name")).lower()
    if request.method == "POST":
        made = changes_shop(_begin)(request, name=name)
        if not isinstance(made, _Problem):
            return made
        problem = made.text
    shipped = [one for one in list_presets() if one.channels != ("agent",)]
    return show(
        request,
        "console/texts/list.html",
        "texts",
        status=422 if problem else 200,
        own=own_templates.list_templates(request.shop.id),
        shipped=[(one, TEMPLATES.get(one.name, one.name)) for one in shipped],
        language=request.shop.language if request.shop.language in ENDONYMS else "en",
        problem=problem,
        name=name,
    )


class _Problem(HttpResponse):
    """Stands for an answer that the list gives itself."""

    def __init__(self, text: str) -> None:
        super().__init__(status=422)
        self.text = text


def _begin(request: ConsoleRequest, name: str) -> HttpResponse:
    preset = request.POST.get("preset", "reminder")
    known = {one.name for one in list_presets() if one.channels != ("agent",)}
    try:
        made = own_templates.begin(
            shop=request.shop,
            name=name,
            preset=preset if preset in known else "reminder",
            who=request.user.get_username(),
            now=request.now,
        )
    except NameTaken:
        return _Problem(_("There is a text of this name already."))
    except NotATemplate:
        return _Problem(_("A name has small letters, digits, - and _ only, like spring-reminder."))
    return redirect("text", request.shop.slug, made.id)


@shop_page
@changes_shop
def editor(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """One template: its blocks with their words in a language, beside the mail that they make."""
    template = _get(request, template_id)
    document = load(template.document)
    return show(
        request,
        "console/texts/editor.html",
        "texts",
        **_shown(request, template),
        languages=[
            (code, own, not own_templates.faults(document, code)) for code, own in ENDONYMS.items()
        ],
        looks=LOOKS,
    )


@shop_page
@changes_shop
def canvas(request: ConsoleRequest, template_id: UUID, language: str) -> HttpResponse:
    """The mail as it stands, for the frame beside the blocks."""
    template = _get(request, template_id)
    shown = preview_document(
        shop=request.shop,
        document=load(template.document),
        language=_language(request, language),
        now=request.now,
    )
    answer = Mail(shown.html)
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@require_POST
@shop_page
@changes_shop
def say(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """Words into a slot, as they are typed. The answer tells what is wrong, never touching the words."""
    template = _get(request, template_id)
    problem = ""
    try:
        own_templates.say(
            template=template,
            language=_language(request),
            slot=request.POST.get("slot", ""),
            text=request.POST.get("text", "")[:LONGEST_WORDS],
            who=request.user.get_username(),
            now=request.now,
        )
    except NotATemplate as wrong:
        problem = str(wrong)
    return _answer(request, template, "console/texts/_said.html", problem)


@require_POST
@shop_page
@changes_shop
def change(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """Add, move, set or remove a block, or take the latest change back."""
    template = _get(request, template_id)
    problem = ""
    try:
        _do(request, template)
    except NotATemplate as wrong:
        problem = str(wrong)
    return _answer(request, template, "console/texts/_changed.html", problem)


def _do(request: ConsoleRequest, template: OwnTemplate) -> None:
    post, who, now = request.POST, request.user.get_username(), request.now
    block_id, places = post.get("block", ""), [one.id for one in load(template.document).blocks]
    match post.get("do"):
        case "add":
            own_templates.add_block(template=template, kind=post.get("kind", ""), who=who, now=now)
        case "remove":
            own_templates.remove_block(template=template, block_id=block_id, who=who, now=now)
        case "up" | "down" as way if block_id in places:
            to = places.index(block_id) + (1 if way == "down" else -1)
            own_templates.move_block(template=template, block_id=block_id, to=to, who=who, now=now)
        case "to" if post.get("to", "").isascii() and post.get("to", "").isdigit():
            own_templates.move_block(
                template=template, block_id=block_id, to=int(post["to"][:4]), who=who, now=now
            )
        case "set":
            settings = {
                name: post[name] for name in ("link", "source", "align", "height") if name in post
            }
            own_templates.set_block(
                template=template, block_id=block_id, settings=settings, who=who, now=now
            )
        case "undo":
            own_templates.take_back(template=template, who=who, now=now)


def _answer(
    request: ConsoleRequest, template: OwnTemplate, part: str, problem: str
) -> HttpResponse:
    if not request.htmx:
        if problem:
            messages.warning(request, problem)
        where = reverse("text", args=[request.shop.slug, template.id])
        return redirect(f"{where}?language={_language(request)}")
    answer = show_part(request, part, **_shown(request, template), problem=problem)
    answer.status_code = 422 if problem else 200
    return trigger_client_event(answer, CHANGED)


def _shown(request: ConsoleRequest, template: OwnTemplate) -> dict[str, Any]:
    document, language = load(template.document), _language(request)
    wrong = own_templates.faults(document, language)
    said = document.said(language)
    return {
        "own": template,
        "language": language,
        "subject": said.get(SUBJECT, ""),
        "preheader": said.get(PREHEADER, ""),
        "sms": said.get(SMS, ""),
        "blocks": [
            (block, BLOCKS[block.kind], block.kind in WORDED, said.get(block.id, ""))
            for block in document.blocks
        ],
        "faults": [(slot, _place(document, slot), text) for slot, text in wrong.items()],
        "kinds": BLOCKS,
        "inserts": INSERTS,
        **_counted(request, said.get(SMS, ""), language),
    }


def _place(document: Document, slot: str) -> str:
    named = {
        SUBJECT: _("Subject"),
        PREHEADER: _("Preview line"),
        SMS: _("SMS"),
        MAIL: _("The mail"),
    }
    kinds = {block.id: str(BLOCKS[block.kind]) for block in document.blocks}
    return named.get(slot) or kinds.get(slot, slot)


def _counted(request: ConsoleRequest, text: str, language: str) -> dict[str, Any]:
    if not text.strip():
        return {"count": None, "sms_shown": ""}
    try:
        shown, count = preview_sms(shop=request.shop, text=text, language=language, now=request.now)
    except TemplateError:
        return {"count": None, "sms_shown": ""}
    return {"count": count, "sms_shown": shown}


def _language(request: ConsoleRequest, named: str = "") -> str:
    asked = named or request.POST.get("language") or request.GET.get("language", "")
    own = request.shop.language
    return next((one for one in (asked, own) if one in ENDONYMS), "en")


def _get(request: ConsoleRequest, template_id: UUID) -> OwnTemplate:
    found = own_templates.find_template(request.shop.id, template_id)
    if found is None:
        raise Http404("no such text in this shop")
    return found
