"""A shop's connections: made, looked at, changed, and closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import SHOP_HOOK_PATH, SHOP_HOOK_PURPOSE, Connector
from ripresa.core.config import Config
from ripresa.core.secrets.box import SecretBox
from ripresa.core.signed_ids import SignedIds
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.connections import keeping, operations, queries
from ripresa.domain.connections.models import Connection
from ripresa.domain.connections.operations import NewConnection
from ripresa.usecases.providers.sealed_settings import SealedSettings, checked_name


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
            raise BadSettings(
                say("there is no connector {name!r}; there are: {there}", name=name, there=there)
            ) from None

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
        with transaction.atomic():
            made = operations.add(shop_id=shop_id, new=new, now=now)
            _write_down(made, Action.CONNECTED, now, after={"platform": platform, **settings})
        return made

    def change(self, connection: Connection, given: Mapping[str, str], now: datetime) -> None:
        """Change some settings of a connection; the rest stays. Raises BadSettings, CannotOpen."""
        connector = self.connector(connection.platform)
        wanted = self._sealed.changed(connector, connection, given)
        settings, secrets = self._sealed.part(connector, wanted)
        with transaction.atomic():
            operations.change_settings(connection, settings, secrets, now)
            was = dict(connection.settings)
            if renewed := sorted(given.keys() & connector.secret_names):
                settings = {**settings, "renewed": ", ".join(renewed)}
            _write_down(connection, Action.CHANGED, now, before=was, after=settings)

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


@transaction.atomic
def disconnect(connection: Connection, *, reason: str, now: datetime) -> bool:
    """Hear no more of a shop by this connection; what was heard stays. False: it was closed already."""
    was_open = operations.close(
        shop_id=connection.shop_id, connection_id=connection.id, reason=reason, now=now
    )
    if was_open:
        _write_down(connection, Action.DISCONNECTED, now, after={"reason": reason})
    return was_open


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


def _write_down(
    connection: Connection,
    action: Action,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any],
) -> None:
    subject = Subject(About.CONNECTION, connection.id, connection.name)
    write_down(
        shop_id=connection.shop_id,
        action=action,
        subject=subject,
        now=now,
        before=before or {},
        after=after,
    )
