"""The frame around every room of the settings."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.switches import is_open
from ripresa.console.settings.rooms import WINGS, room_named


def show_settings(
    request: ConsoleRequest, template: str, room: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A room of the settings; `template` extends console/settings/frame.html and fills `settings`."""
    slug = request.shop.slug
    open_rooms = [
        (wing.title, [one for one in wing.rooms if request.role in one.roles]) for wing in WINGS
    ]
    wings = [
        (
            title,
            [
                (one, where)
                for one in rooms
                if is_open(request.shop, where := reverse(one.name, args=[slug]))
            ],
        )
        for title, rooms in open_rooms
        if rooms
    ]
    frame = {"wings": wings, "settings_room": room_named(room)}
    return show(request, template, "settings", status=status, **{**frame, **context})
