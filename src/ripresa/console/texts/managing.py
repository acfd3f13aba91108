"""A text as a whole: another name, a copy, begun anew, taken away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.badges import TEMPLATES
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.texts import words
from ripresa.console.texts.shown import get_template
from ripresa.domain.templates.catalogue import list_presets
from ripresa.domain.templates.models import OwnTemplate
from ripresa.usecases.templates import own_templates
from ripresa.usecases.templates.edit_template import NotATemplate
from ripresa.usecases.templates.own_templates import InUse, NameTaken


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def manage(request: ConsoleRequest, template_id: UUID) -> HttpResponse:
    """What can be done with a text beside writing it; what uses it is said first."""
    template = get_template(request, template_id)
    problem = ""
    if request.method == "POST":
        try:
            return _do(request, template)
        except NotATemplate as wrong:
            problem = words.refusal(wrong)
        except NameTaken:
            problem = _("There is a text of this name already.")
        except InUse as used:
            problem = in_use(used)
    return show(
        request,
        "console/texts/manage.html",
        "texts",
        status=422 if problem else 200,
        own=template,
        places=own_templates.places_of(template),
        presets=shipped(),
        problem=problem,
    )


def shipped() -> list[tuple[Any, Any]]:
    """What a text can begin with."""
    return [
        (one, TEMPLATES.get(one.name, one.name))
        for one in list_presets()
        if one.channels != ("agent",)
    ]


def in_use(used: InUse) -> str:
    """Why a text has to stay as it is."""
    said = _("It is used by %(places)s: choose another text there first.")
    return said % {"places": ", ".join(used.places)}


def _do(request: ConsoleRequest, template: OwnTemplate) -> HttpResponse:
    post, slug = request.POST, request.shop.slug
    who: dict[str, Any] = {"who": request.user.get_username(), "now": request.now}
    name = line(post.get("name")).lower()
    match post.get("do"):
        case "rename":
            own_templates.rename(template=template, name=name, now=request.now)
            messages.success(request, _("It has its new name."))
        case "copy":
            made = own_templates.duplicate(template=template, name=name, **who)
            return redirect("text", slug, made.id)
        case "reset":
            known = {one.name for one, _title in shipped()}
            preset = post.get("preset", "")
            own_templates.reset(
                template=template, preset=preset if preset in known else "reminder", **who
            )
            messages.success(request, _("It begins anew. Undo brings back what it said."))
            return redirect("text", slug, template.id)
        case "remove":
            own_templates.remove(template=template, now=request.now)
            messages.success(request, _("The text is gone."))
            return redirect("texts", slug)
    return redirect("text-manage", slug, template.id)
