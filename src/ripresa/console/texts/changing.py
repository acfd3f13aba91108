"""What each change in the editor does, and the part of the page that it answers with."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.overtaking.marks import is_overtaken, mark
from ripresa.console.pictures.views import shown as shown_picture
from ripresa.console.pictures.views import take_files
from ripresa.console.texts import words
from ripresa.console.texts.shown import (
    Said,
    get_template,
    language_of,
    readable,
    shown,
    shown_letter,
    words_at,
)
from ripresa.domain.media.addresses import key_of
from ripresa.domain.media.library import list_files
from ripresa.domain.templates.blocks import tree
from ripresa.domain.templates.blocks.document import WIDE, load
from ripresa.domain.templates.blocks.tree import LETTER, Place
from ripresa.domain.templates.models import OwnTemplate
from ripresa.usecases.templates import edit_template
from ripresa.usecases.templates.edit_template import NotATemplate

CHANGED = "text-changed"
_SETTINGS = (
    "link", "source", "media", "align", "height", "above", "below", "width", "size", "colour",
    "background", "when", "split", "product", "price", "qr",
)  # fmt: skip
_MOST_SHOWN = 60


@require_POST
@shop_page
@changes_shop
def say(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """Words into a slot, as they are typed. The answer tells what is wrong, never touching the words."""
    template, language = get_template(request, template_id), language_of(request)
    slot = request.POST.get("slot", "")
    text = request.POST.get("text", "").replace("\0", "")
    there, problem = words_at(template, language, slot), ""
    if is_overtaken(request, mark(there.text)) and text.replace("\r\n", "\n") != there.text:
        return _clash(request, template, text, there)
    try:
        edit_template.say(
            template=template,
            language=language,
            slot=slot,
            text=text,
            who=request.user.get_username(),
            now=request.now,
        )
    except NotATemplate as wrong:
        problem = words.refusal(wrong)
    said = words_at(template, language, slot)
    return answer(request, template, "console/texts/_said.html", problem, said=said)


def _clash(request: ConsoleRequest, template: OwnTemplate, hers: str, there: Said) -> HttpResponse:
    """Her words beside those that somebody else has stored; nothing is saved until she decides."""
    clash = {
        "slot": there.slot,
        "text": hers,
        "hers": readable(hers),
        "theirs": readable(there.text),
    }
    if request.htmx:
        page = answer(request, template, "console/texts/_said.html", "", clash=clash, said=there)
        page.status_code = 409
        return page
    told = _("These words were changed meanwhile, and yours are not saved: “%(hers)s”")
    return answer(request, template, "", told % {"hers": clash["hers"]})


@require_POST
@shop_page
@changes_shop
def change(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """Add, copy, move, set, save or remove a block, or take the latest change back."""
    template = get_template(request, template_id)
    problem, opened = "", ""
    try:
        _refuse_overtaken(request, template)
        opened = _do(request, template)
    except NotATemplate as wrong:
        problem = words.refusal(wrong)
    return answer(request, template, "console/texts/_changed.html", problem, opened)


def _refuse_overtaken(request: ConsoleRequest, template: OwnTemplate) -> None:
    """Settings go over those that she has seen, and no others. Raises NotATemplate."""
    block = tree.find(load(template.document), request.POST.get("block", ""))
    if request.POST.get("do") == "set" and block and is_overtaken(request, mark(block)):
        raise NotATemplate("the block was changed meanwhile", "overtaken")


@require_POST
@shop_page
@changes_shop
def upload(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """Bring a picture and show it in a block; without a block, in a new one."""
    template = get_template(request, template_id)
    who: dict[str, Any] = {"who": request.user.get_username(), "now": request.now}
    block_id, problem = request.POST.get("block", ""), ""
    taken = take_files(request)
    try:
        if taken and not block_id:
            block_id = edit_template.add_block(
                template=template, kind="image", place=_place(request.POST, template), **who
            )
        if taken:
            edit_template.set_block(
                template=template, block_id=block_id, settings={"media": key_of(taken[0]).text}, **who
            )  # fmt: skip
    except NotATemplate as wrong:
        problem = words.refusal(wrong)
    if not taken and request.htmx:
        problem = " ".join(str(each) for each in messages.get_messages(request))
    return answer(request, template, "console/texts/_changed.html", problem, block_id)


@shop_page
@changes_shop
def choose_picture(request: ConsoleRequest, template_id: UUID, block_id: str) -> HttpResponse:
    """The library, to choose a picture for a block from."""
    return show_part(
        request,
        "console/texts/_pictures.html",
        own=get_template(request, template_id),
        block_id=block_id,
        language=language_of(request),
        part=request.GET.get("part", ""),
        pictures=[shown_picture(file) for file in list_files(request.shop.id)[:_MOST_SHOWN]],
    )


def answer(
    request: ConsoleRequest,
    template: OwnTemplate,
    part: str,
    problem: str,
    opened: str = "",
    **told: Any,
) -> HttpResponse:
    """The part of the page that has changed; the whole page for whoever has no script."""
    is_letter = (request.POST.get("part") or request.GET.get("part")) == LETTER
    if not request.htmx:
        if problem:
            messages.warning(request, problem)
        name = "text-letter" if is_letter else "text"
        where = reverse(name, args=[request.shop.slug, template.id])
        return redirect(f"{where}?language={language_of(request)}")
    parts = (shown_letter if is_letter else shown)(request, template)
    page = show_part(request, part, **parts, problem=problem, opened=opened, **told)
    page.status_code = 422 if problem else 200
    return trigger_client_event(page, CHANGED)


def _do(request: ConsoleRequest, template: OwnTemplate) -> str:
    """Do it; the id of the block that comes of it, to be shown open."""
    act = _ACTS.get(request.POST.get("do", ""))
    who: dict[str, Any] = {"who": request.user.get_username(), "now": request.now}
    return act(template, request.POST, who) if act else ""


def _add(template: OwnTemplate, post: QueryDict, who: dict[str, Any]) -> str:
    return edit_template.add_block(
        template=template, kind=post.get("kind", ""), place=_place(post, template), **who
    )


def _insert(template: OwnTemplate, post: QueryDict, who: dict[str, Any]) -> str:
    try:
        saved_id = UUID(post.get("saved", ""))
    except ValueError:
        raise NotATemplate("no saved block was named", "gone") from None
    place = _place(post, template)
    return edit_template.insert_saved(template=template, saved_id=saved_id, place=place, **who)


def _remove(template: OwnTemplate, post: QueryDict, who: dict[str, Any]) -> str:
    edit_template.remove_block(template=template, block_id=post.get("block", ""), **who)
    return ""


def _copy(template: OwnTemplate, post: QueryDict, who: dict[str, Any]) -> str:
    return edit_template.copy_block(template=template, block_id=post.get("block", ""), **who)


def _save(template: OwnTemplate, post: QueryDict, who: dict[str, Any]) -> str:
    block_id = post.get("block", "")
    edit_template.save_block(template=template, block_id=block_id, name=post.get("name", ""), **who)
    return block_id


def _move(template: OwnTemplate, post: QueryDict, who: dict[str, Any]) -> str:
    block_id = post.get("block", "")
    place = tree.place_of(load(template.document), block_id)
    if post.get("do") == "to":
        place = _place(post, template)
    elif place is not None:
        place = place._replace(at=max(0, place.at + (1 if post["do"] == "down" else -1)))
    if place is not None:
        edit_template.move_block(template=template, block_id=block_id, to=place, **who)
    return ""


def _set(template: OwnTemplate, post: QueryDict, who: dict[str, Any]) -> str:
    settings = {name: post.get(name, "") for name in _SETTINGS if name in post}
    block_id = post.get("block", "")
    edit_template.set_block(template=template, block_id=block_id, settings=settings, **who)
    return block_id


def _undo(template: OwnTemplate, _post: QueryDict, who: dict[str, Any]) -> str:
    edit_template.take_back(template=template, **who)
    return ""


def _redo(template: OwnTemplate, _post: QueryDict, who: dict[str, Any]) -> str:
    edit_template.do_again(template=template, **who)
    return ""


def _place(post: QueryDict, template: OwnTemplate) -> Place:
    """Where a block is to stand: at `to` in a column or the mail, or behind the block `after`."""
    after = tree.place_of(load(template.document), post.get("after", ""))
    if after is not None:
        is_wide = post.get("kind") in WIDE
        if is_wide and after.parent:
            after = tree.place_of(load(template.document), after.parent) or after
        return after._replace(at=after.at + 1)
    to, cell = post.get("to", ""), post.get("cell", "")
    return Place(
        int(to[:4]) if to.isascii() and to.isdigit() else 10_000,
        post.get("parent", ""),
        int(cell[:2]) if cell.isascii() and cell.isdigit() else 0,
    )


_ACTS: Mapping[str, Callable[[OwnTemplate, QueryDict, dict[str, Any]], str]] = {
    "add": _add,
    "insert": _insert,
    "remove": _remove,
    "copy": _copy,
    "save": _save,
    "up": _move,
    "down": _move,
    "to": _move,
    "set": _set,
    "undo": _undo,
    "redo": _redo,
}
