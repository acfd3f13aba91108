"""Webhooks registered at the shop, at once and every hour; and what the user has to know of it.

Platforms switch webhooks off by themselves, some without a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from ripresa.contracts.calling.sayings import kept, said_by
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.reminders import AlsoReminds
from ripresa.core.config import Config, ConfigError, load
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import operations
from ripresa.domain.connections.models import Connection
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.usecases.connected.opening import Opened, Opener, remedy_of
from ripresa.usecases.connections import hook_url

LOOK_EVERY = timedelta(hours=1)
_SOONER = timedelta(minutes=10)

OWN_REMINDERS = "own_reminders"

_log = structlog.get_logger("ripresa.connections")


@dataclass(frozen=True, slots=True)
class Registrar:
    """Looks after webhooks. `config`: that of this install where it is None."""

    opener: Opener
    config: Config | None = None

    def look_after_due(self, *, shop_id: int, now: datetime) -> int:
        """Look after what is due in a shop; returns how many connections that were."""
        due = operations.take_to_register(shop_id=shop_id, now=now)
        for connection in due:
            self.look_after(connection, now)
        return len(due)

    def look_after(self, connection: Connection, now: datetime) -> Mapping[str, Any]:
        """Register, and see what the user has to know; returns how it stands, which is kept.

        `made`, `kept`, `problems` as in Registered; `warnings` of the connector; `trouble`: why it could
        not be done, and `remedy`: what helps; then the rest is as it was. `reminders`: who else reminds of
        carts; the owner is mailed when somebody is new among them. `said`: of what these sentences
        are made, by their words (contracts.calling.sayings.kept).
        """
        try:
            standing: dict[str, Any] = self._done(self.opener.open(connection, now))
            again = LOOK_EVERY
        except (ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError) as trouble:
            _log.warning("can't be looked after", connection=connection.name, reason=str(trouble))
            words = said_by(trouble)
            said = {"trouble": str(words), "remedy": remedy_of(trouble).value}
            known = {**connection.standing.get("said", {}), **kept(words)}
            standing, again = {**connection.standing, **said, "said": known}, _SOONER
        standing["at"] = now.isoformat()
        # In one transaction: what was told once is never told again.
        with transaction.atomic():
            _tell_reminders(connection, standing, now)
            operations.put_standing(connection, standing, register_at=now + again)
        return standing

    def _done(self, opened: Opened) -> dict[str, Any]:
        connector, standing = opened.connector, {"trouble": "", "remedy": ""}
        address = hook_url(opened.connection, connector, self.config or load())
        found: dict[str, Any] = {}
        if connector.register is not None and address is not None:
            registered = connector.register(opened.settings, address)
            found["made"] = list(registered.made)
            found["kept"] = list(registered.kept)
            found["problems"] = list(registered.problems)
        if connector.watch is not None:
            found["warnings"] = list(connector.watch(opened.settings))
            found["reminders"] = sorted(
                {one.by for one in found["warnings"] if isinstance(one, AlsoReminds)}
            )
        said = kept(*found.get("problems", ()), *found.get("warnings", ()))
        return {**standing, **found, "said": said}


def _tell_reminders(connection: Connection, standing: Mapping[str, Any], now: datetime) -> None:
    """Mail the owner who else reminds, if somebody does who did not at the last look."""
    new = sorted({*standing.get("reminders", ())} - {*connection.standing.get("reminders", ())})
    if new:
        telling = Telling(OWN_REMINDERS, connection.name, ", ".join(new))
        tell_owner(shop_id=connection.shop_id, tellings=[telling], now=now)
