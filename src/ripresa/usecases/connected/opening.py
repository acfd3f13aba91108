"""A connection made ready to talk: settings whole, credentials that live shortly renewed in time."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.shops.connector import Connector, NotLetIn, Remedy, ShopAway
from ripresa.core.config import ConfigError
from ripresa.domain.connections import keeping, queries
from ripresa.domain.connections.models import Connection
from ripresa.usecases.connections import Connections

# Renewing is one call or two; who dies in it keeps others from it for so long.
_LEASE = timedelta(minutes=1)
_PATIENCE_SECONDS = 5.0
_NAP_SECONDS = 0.1
# Where nothing was to be renewed, nobody looks again for so long.
_QUIET_SECONDS = 30.0


def remedy_of(trouble: Exception) -> Remedy:
    """What helps against what `Opener.open` and connectors raise."""
    if isinstance(trouble, ShopAway | NotLetIn):
        return trouble.remedy
    return Remedy.OURS if isinstance(trouble, ConfigError) else Remedy.RENEW


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection and what its connector is to be given."""

    connection: Connection
    connector: Connector
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens connections. Keeps in mind, for a little while, which of them need no renewal."""

    connections: Connections
    _quiet: dict[UUID, float] = field(default_factory=dict)

    def open(self, connection: Connection, now: datetime) -> Opened:
        """Whatever may be done with a shop begins here.

        Raises ShopAway, NotLetIn, and BadSettings, CannotOpen, ConfigError where settings are at fault.
        """
        connector = self.connections.connector(connection.platform)
        settings = self.connections.settings_of(connection)
        if connector.renew is None or self._quiet.get(connection.id, 0.0) > time.monotonic():
            return Opened(connection, connector, settings)
        connection = self._take(connection, now)
        try:
            # As it is now: another may have renewed meanwhile.
            kept = connector.renew(self.connections.settings_of(connection), now)
            if kept is not None:
                self.connections.keep(connection, kept)
        finally:
            keeping.give_back_renewal(connection)
        self._quiet[connection.id] = time.monotonic() + _QUIET_SECONDS
        return Opened(connection, connector, self.connections.settings_of(connection))

    def _take(self, connection: Connection, now: datetime) -> Connection:
        """Take the only turn there is at renewing, and the row as it is then."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not keeping.take_renewal(connection, now=now, lease=_LEASE):
            if time.monotonic() > until:
                raise ShopAway(say("its credentials are being renewed just now"))
            time.sleep(_NAP_SECONDS)
        return queries.get(connection.shop_id, connection.id)
