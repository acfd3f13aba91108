"""The frame around every room of the settings."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.rooms import WINGS, room_named


def show_settings(
    request: ConsoleRequest, template: str, room: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A room of the settings; `template` extends console/settings/frame.html and fills `settings`."""
    wings = [
        (wing.title, [(one, reverse(one.name, args=[request.shop.slug])) for one in wing.rooms])
        for wing in WINGS
        if wing.rooms
    ]
    frame = {"wings": wings, "settings_room": room_named(room)}
    return show(request, template, "settings", status=status, **{**frame, **context})
