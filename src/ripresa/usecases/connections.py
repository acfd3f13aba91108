"""A shop's connections: made, looked at, changed, and closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import SHOP_HOOK_PATH, SHOP_HOOK_PURPOSE, Connector
from ripresa.core.config import Config
from ripresa.core.secrets.box import SecretBox
from ripresa.core.signed_ids import SignedIds
from ripresa.domain.connections import keeping, operations, queries
from ripresa.domain.connections.models import Connection
from ripresa.domain.connections.operations import NewConnection
from ripresa.usecases.sealed_settings import SealedSettings, checked_name


class NoSuchConnection(Exception):
    """The shop has no connection of that name; the message names those it has."""


@dataclass(frozen=True)
class Connections:
    """The connections of all shops over the connectors there are, by name."""

    connectors: Mapping[str, Connector]
    box: SecretBox | None = field(default=None, repr=False)  # None: that of this install

    def connector(self, name: str) -> Connector:
        """The connector of that name. Raises BadSettings, naming those there are."""
        try:
            return self.connectors[name]
        except KeyError:
            there = ", ".join(sorted(self.connectors))
            raise BadSettings(f"there is no connector {name!r}; there are: {there}") from None

    def connect(
        self, *, shop_id: int, platform: str, name: str, given: Mapping[str, str], now: datetime
    ) -> Connection:
        """Hear a shop from now on. Raises BadSettings, ConnectionExists."""
        connector = self.connector(platform)
        called = checked_name(name)
        settings, secrets = self._sealed.part(connector, given)
        new = NewConnection(
            platform,
            called,
            settings,
            secrets,
            can_be_asked=connector.ask is not None,
            is_looked_after=bool(connector.register or connector.watch),
        )
        return operations.add(shop_id=shop_id, new=new, now=now)

    def change(self, connection: Connection, given: Mapping[str, str], now: datetime) -> None:
        """Change some settings of a connection; the rest stays. Raises BadSettings, CannotOpen."""
        connector = self.connector(connection.platform)
        wanted = self._sealed.changed(connector, connection, given)
        settings, secrets = self._sealed.part(connector, wanted)
        operations.change_settings(connection, settings, secrets, now)

    def settings_of(self, connection: Connection) -> dict[str, str]:
        """What its connector was told, under what it had us keep. Raises BadSettings, CannotOpen."""
        told = self._sealed.whole(self.connector(connection.platform), connection)
        return {**told, **self._kept(connection)}

    def keep(self, connection: Connection, more: Mapping[str, str]) -> None:
        """Keep `more` of what its connector needs, sealed, over what was kept. Raises CannotOpen."""
        kept = {**self._kept(connection), **more}
        keeping.keep(connection, self._sealed.opened_box().seal(kept))

    def _kept(self, connection: Connection) -> dict[str, str]:
        if connection.kept is None:
            return {}
        return self._sealed.opened_box().open(bytes(connection.kept))

    @property
    def _sealed(self) -> SealedSettings:
        return SealedSettings(self.box)


def hook_url(connection: Connection, connector: Connector, config: Config) -> str | None:
    """The address to give to the shop for its webhooks; None: it makes none."""
    if connector.hear is None:
        return None
    token = SignedIds(config.secret_key, SHOP_HOOK_PURPOSE).sign(connection.shop_id, connection.id)
    return f"{config.public_url}{SHOP_HOOK_PATH}{connection.platform}/{token}"


def find_connection(*, shop_id: int, name: str) -> Connection:
    """The connection of that name. Raises NoSuchConnection."""
    found = queries.find_named(shop_id, name)
    if found is None:
        there = ", ".join(one.name for one in queries.list_connections(shop_id))
        raise NoSuchConnection(
            f"there is no connection {name!r}; "
            + (f"there are: {there}" if there else "the shop has none")
        )
    return found
