"""A room that is one form: GET shows it, POST saves all of it or says at each field what is wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.fields import Form
from ripresa.console.settings.frame import show_settings

Shown = Callable[[ConsoleRequest], tuple[Form, Mapping[str, Any]]]
# Takes what was typed; writes problems into the form where it can't be saved, and then saves nothing.
Saved = Callable[[ConsoleRequest, Form], None]


def form_room(room: str, template: str, shown: Shown, saved: Saved) -> Callable[..., HttpResponse]:
    """The view of the room whose address is called `room`."""

    @require_http_methods(["GET", "POST"])
    @shop_page
    def view(request: ConsoleRequest) -> HttpResponse:
        form, context = shown(request)
        if request.method == "POST":
            if not request.may_change:
                raise PermissionDenied("your role may look, not change")
            saved(request, form)
            if not form.problems:
                messages.success(request, _("Saved."))
                return redirect(room, request.shop.slug)
            for name, field in form.items():
                field.value = request.POST.get(name, "")[:500]
                field.unit = request.POST.get(f"{name}-unit", field.unit)
        status = 422 if form.problems else 200
        return show_settings(request, template, room, status=status, form=form, **context)

    return view
