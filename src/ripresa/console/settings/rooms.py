"""The rooms of the settings, as the list beside each of them shows them.

A room is a line here, by the name of its address: it need not live in this package.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.layout.request import MAY_CHANGE, OWNERS

EVERYBODY = frozenset({"owner", "marketer", "agent", "viewer"})


@dataclass(frozen=True, slots=True)
class SettingsRoom:
    """One page: the name of its address, which takes the shop alone, its title, and who may open it."""

    name: str
    title: Promise | str
    roles: frozenset[str] = EVERYBODY


@dataclass(frozen=True, slots=True)
class Wing:
    """Rooms that belong together."""

    title: Promise | str
    rooms: tuple[SettingsRoom, ...]


WINGS = (
    Wing(
        _("Shop"),
        (
            SettingsRoom("settings", _("Shop")),
            SettingsRoom("settings-features", _("Features")),
        ),
    ),
    Wing(
        _("Capture"),
        (
            SettingsRoom("connections", _("Connections")),
            SettingsRoom("health", _("Capture health")),
            SettingsRoom("storefront", _("Storefront script")),
            SettingsRoom("popup", _("Pop-up")),
            SettingsRoom("shadow", _("Shadow mode")),
        ),
    ),
    Wing(
        _("Sending"),
        (
            SettingsRoom("settings-senders", _("Senders")),
            SettingsRoom("settings-channels", _("Channels")),
            SettingsRoom("settings-hours", _("Quiet hours and limits")),
        ),
    ),
    Wing(
        _("Law and data"),
        (
            SettingsRoom("settings-consent", _("Consent and legal")),
            SettingsRoom("settings-tracking", _("Tracking")),
            SettingsRoom("settings-retention", _("Retention")),
        ),
    ),
    Wing(
        _("Other programs"),
        (SettingsRoom("settings-webhooks", _("Webhooks")),),
    ),
    Wing(
        _("People and access"),
        (
            SettingsRoom("members", _("Members"), OWNERS),
            SettingsRoom("sign-in", _("Sign-in and sessions")),
            SettingsRoom("keys", _("Keys"), OWNERS),
            SettingsRoom("approvals", _("Approvals"), MAY_CHANGE),
            SettingsRoom("audit", _("Audit log"), MAY_CHANGE),
        ),
    ),
)


def room_named(name: str) -> SettingsRoom:
    """The room of that address. Raises LookupError: it has no line above."""
    for wing in WINGS:
        for room in wing.rooms:
            if room.name == name:
                return room
    raise LookupError(f"{name!r} is no room of the settings: give it a line in settings/rooms.py")
