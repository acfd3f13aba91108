"""A shop's connections: made, looked at, changed, and closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import SHOP_HOOK_PATH, SHOP_HOOK_PURPOSE, Connector
from ripresa.core.config import Config, load
from ripresa.core.secrets.box import SecretBox
from ripresa.core.signed_ids import SignedIds
from ripresa.domain.connections import operations, queries
from ripresa.domain.connections.models import Connection
from ripresa.domain.connections.operations import NewConnection

LONGEST_NAME = 60


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
        if not name.strip() or len(name) > LONGEST_NAME:
            raise BadSettings(f"a name has from 1 to {LONGEST_NAME} characters")
        settings, secrets = self._parted(connector, given)
        can_be_asked = connector.ask is not None
        new = NewConnection(platform, name.strip(), settings, secrets, can_be_asked)
        return operations.add(shop_id=shop_id, new=new, now=now)

    def change(self, connection: Connection, given: Mapping[str, str], now: datetime) -> None:
        """Change some settings of a connection; the rest stays. Raises BadSettings, CannotOpen."""
        connector = self.connector(connection.platform)
        known = connector.secret_names
        # Where every secret is given anew, the old ones need not be readable any more.
        kept = {} if known and known <= given.keys() else self._secrets(connection)
        settings, secrets = self._parted(connector, {**connection.settings, **kept, **given})
        operations.change_settings(connection, settings, secrets, now)

    def settings_of(self, connection: Connection) -> dict[str, str]:
        """All that its connector was told. Raises BadSettings, CannotOpen."""
        connector = self.connector(connection.platform)
        given = {**connection.settings, **self._secrets(connection)}
        known = {one.name for one in connector.settings}
        return connector.complete({name: given[name] for name in given.keys() & known})

    def _secrets(self, connection: Connection) -> dict[str, str]:
        return self._box().open(bytes(connection.secrets))

    def _box(self) -> SecretBox:
        return self.box or SecretBox.of(load())

    def _parted(
        self, connector: Connector, given: Mapping[str, str]
    ) -> tuple[dict[str, str], bytes]:
        """The open settings, and the secret ones sealed."""
        complete = connector.complete(given)
        hidden = {name: complete[name] for name in connector.secret_names}
        shown = {name: value for name, value in complete.items() if name not in hidden}
        return shown, self._box().seal(hidden)


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
