"""How a connection stands: a word and a colour, and each trouble with the way to mend it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.connections.sayings import Told, said_of, told, trouble_of
from ripresa.console.connections.words import CAN, CANNOT
from ripresa.console.layout.badges import Badge
from ripresa.contracts.shops.connector import Ability, Connector, Remedy
from ripresa.core.config import Config
from ripresa.domain.connections.models import BackFill, Connection
from ripresa.usecases.connected.installing import install_url
from ripresa.usecases.connections import hook_url

# After so long without a word a shop that calls us, and can't be asked, is worth a look.
SILENT_AFTER = timedelta(days=2)


class Trouble(NamedTuple):
    """What is wrong, in our words or (`is_foreign`) in the shop's, and where that is mended.

    `stops`: it does not work again before somebody has mended it. `is_install`: nobody has let us in yet.
    """

    text: Promise | str
    mend: Promise | str = ""
    address: str = ""
    is_foreign: bool = True
    stops: bool = False
    is_install: bool = False


class Standing(NamedTuple):
    """What pages show of a connection beside its row."""

    connection: Connection
    label: str
    badge: Badge
    words: Promise | str
    troubles: list[Trouble]
    hook: str | None
    install: str | None
    topics: tuple[str, ...]
    can: list[Promise | str]
    cannot: list[Promise | str]
    is_asked: bool
    can_check: bool
    has_history: bool


def standing_of(
    connection: Connection, connector: Connector | None, config: Config, slug: str, now: datetime
) -> Standing:
    """How a connection stands."""
    can = connector.can if connector else frozenset[Ability]()
    install = install_url(connection, connector, config) if connector else None
    if install is not None and connection.kept is not None:
        install = None
    troubles = [] if connection.closed_at else _troubles(connection, slug, install)
    badge, words = _STATES[_state(connection, troubles, now, is_asked=Ability.POLLED in can)]
    return Standing(
        connection=connection,
        label=connector.label if connector else connection.platform,
        badge=badge,
        words=words,
        troubles=troubles,
        hook=hook_url(connection, connector, config) if connector else None,
        install=install,
        topics=connector.topics if connector else (),
        can=[CAN[one] for one in Ability if one in can],
        cannot=[CANNOT[one] for one in Ability if one not in can] if connector else [],
        is_asked=connection.ask_at is not None,
        can_check=bool(can & {Ability.REGISTERED, Ability.WATCHED, Ability.POLLED}),
        has_history=Ability.HISTORY in can,
    )


_STATES: Mapping[str, tuple[Badge, Promise | str]] = {
    "closed": (
        Badge(_("Disconnected"), "plain"),
        _("It is heard no more. What was heard stays."),
    ),
    "shut_out": (
        Badge(_("Needs you"), "red"),
        _("Something has to be mended before it works again."),
    ),
    "not_installed": (
        Badge(_("Waits for the shop’s yes"), "amber"),
        _("One step is missing: agree in the shop that Ripresa may come in."),
    ),
    "away": (
        Badge(_("Away"), "amber"),
        _("It can’t be reached just now; it is tried again by itself."),
    ),
    "remarks": (
        Badge(_("Works, with a warning"), "amber"),
        _("It works; something about it is worth a look."),
    ),
    "waits": (
        Badge(_("Waits for the first word"), "blue"),
        _("It is connected. As soon as somebody fills a cart or orders, it shows here."),
    ),
    "silent": (
        Badge(_("Silent"), "amber"),
        _("Nothing was heard for days, and it can’t be asked."),
    ),
    "works": (Badge(_("Works"), "green"), _("The shop is heard.")),
}


def _state(
    connection: Connection, troubles: list[Trouble], now: datetime, *, is_asked: bool
) -> str:
    """The first that holds."""
    heard = connection.last_heard_at
    states = {
        "closed": connection.closed_at,
        "shut_out": any(one.stops for one in troubles),
        "not_installed": any(one.is_install for one in troubles),
        "away": connection.trouble or connection.standing.get("trouble"),
        "remarks": troubles,
        "waits": heard is None,
        "silent": heard is not None and heard < now - SILENT_AFTER and not is_asked,
    }
    return next((name for name, holds in states.items() if holds), "works")


def _troubles(connection: Connection, slug: str, install: str | None) -> list[Trouble]:
    if install is not None:
        text = _("The shop has not let us in yet.")
        return [Trouble(text, _("Go on to the shop"), install, is_foreign=False, is_install=True)]
    webhooks: dict[str, Any] = connection.standing
    said = {connection.trouble: connection.remedy}
    said.setdefault(webhooks.get("trouble", ""), webhooks.get("remedy", ""))
    made_of = said_of(connection)
    found = [
        _with_remedy(told(text, made_of), said[text], connection, slug) for text in said if text
    ]
    remarks = [*webhooks.get("problems", ()), *webhooks.get("warnings", ())]
    shown = [told(text, made_of) for text in remarks]
    return found + [Trouble(one.text, is_foreign=one.is_foreign) for one in shown]


def _with_remedy(said: Told, remedy: str, connection: Connection, slug: str) -> Trouble:
    stops = remedy not in {"", Remedy.WAIT}
    if remedy != Remedy.RENEW:
        return Trouble(said.text, is_foreign=said.is_foreign, stops=stops)
    address = reverse("connection-change", args=[slug, connection.id])
    return Trouble(said.text, _("Renew what lets us in"), address, said.is_foreign, stops)


class History(NamedTuple):
    """A history that is being told, or was. `share`: per cent that is told; None: nobody can say."""

    filling: BackFill
    share: int | None

    @property
    def trouble(self) -> Told:
        """Why it does not get on."""
        return trouble_of(self.filling)

    @property
    def is_going_on(self) -> bool:
        """Whether there is more to come."""
        return self.filling.finished_at is None


def history_of(filling: BackFill | None) -> History | None:
    """How far a history is told."""
    if filling is None:
        return None
    whole = filling.begun_at - filling.since
    if filling.until is None or whole <= timedelta(0):
        return History(filling, None)
    told = min(max((filling.until - filling.since) / whole, 0.0), 1.0)
    return History(filling, round(told * 100))
