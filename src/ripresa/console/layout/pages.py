"""Rendering: every console page gets the same frame around it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.switches import WORDS, closed_by, is_open


@dataclass(frozen=True, slots=True)
class Room:
    """One item of the menu."""

    name: str
    title: Promise | str
    icon: str


ROOMS = (
    Room("home", _("Overview"), "home"),
    Room("carts", _("Carts"), "shopping-cart"),
    Room("customers", _("Customers"), "users"),
    Room("scenarios", _("Scenarios"), "route"),
    Room("campaigns", _("Campaigns"), "speakerphone"),
    Room("segments", _("Segments"), "users-group"),
    Room("texts", _("Texts"), "mail"),
    Room("coupons", _("Coupons"), "ticket"),
    Room("pipeline", _("Pipeline"), "layout-kanban"),
    Room("reports", _("Reports"), "chart-bar"),
    Room("settings", _("Settings"), "settings"),
)


def show(
    request: ConsoleRequest, template: str, room: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A whole page of a shop; `room` is the menu item that is lit."""
    menu = [
        (each, where, each.name == room)
        for each in ROOMS
        if is_open(request.shop, where := reverse(each.name, args=[request.shop.slug]))
    ]
    frame = {"menu": menu, "shop": request.shop, "now": request.now}
    answer = render(request, template, {**frame, **context}, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def show_switched_off(request: ConsoleRequest) -> HttpResponse:
    """404 with the reason: which feature the shop does not use, and who can switch it on where."""
    feature = closed_by(request.shop, request.path_info)
    title, about = WORDS[feature or ""]
    return show(
        request,
        "console/switched_off.html",
        "",
        status=404,
        title=title,
        about=about,
        is_withheld=feature in request.shop.features_withheld,
    )


def show_part(request: ConsoleRequest, template: str, **context: Any) -> HttpResponse:
    """A piece of a page, for htmx to put in place."""
    frame = {"shop": request.shop, "now": request.now}
    answer = render(request, template, {**frame, **context})
    patch_vary_headers(answer, ["HX-Request"])
    return answer
