"""The catalogue behind connections: prices, stock, what is gone, asked before sending (MSG-8)."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from ripresa.contracts.catalogue import CannotTell, CatalogueItem, ItemState, Shelf
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import queries
from ripresa.domain.connections.models import Connection
from ripresa.usecases.connected.opening import Opener

# A shop that could not be asked is left in peace for so long.
_PAUSE_SECONDS = 60.0
_NOBODY = CannotTell("not checked: the shop can't be asked")

_log = structlog.get_logger("ripresa.connections")


@dataclass(frozen=True, slots=True)
class ShopCatalogue:
    """The first open connection of a shop that has a catalogue and answers. `clock` says what time it is."""

    opener: Opener
    clock: Callable[[], datetime]
    _silent: dict[UUID, tuple[float, CannotTell]] = field(default_factory=dict)

    def read(
        self, items: Sequence[CatalogueItem], shelf: Shelf, *, timeout: timedelta
    ) -> list[ItemState] | CannotTell:
        """How each of `items` stands now, in order."""
        until = time.monotonic() + timeout.total_seconds()
        found: list[ItemState] | CannotTell = _NOBODY
        for connection in queries.list_open(shelf.shop_id):
            connector = self.opener.connections.connectors.get(connection.platform)
            if connector is None or connector.look is None:
                continue
            found = self._look(connection, items, shelf.currency, until)
            if not isinstance(found, CannotTell):
                return found
        return found

    def _look(
        self, connection: Connection, items: Sequence[CatalogueItem], currency: str, until: float
    ) -> list[ItemState] | CannotTell:
        again_at, why = self._silent.get(connection.id, (0.0, _NOBODY))
        if again_at > time.monotonic():
            return why
        try:
            opened = self.opener.open(connection, self.clock())
            look = opened.connector.look
            left = timedelta(seconds=until - time.monotonic())
            if look is None or left <= timedelta(0):
                return CannotTell("not checked: there was no time left")
            return look(opened.settings, items, currency, left)
        except (ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError) as trouble:
            _log.warning("catalogue not read", connection=connection.name, reason=str(trouble))
            why = CannotTell(f"not checked: {trouble}")
            self._silent[connection.id] = (time.monotonic() + _PAUSE_SECONDS, why)
            return why
