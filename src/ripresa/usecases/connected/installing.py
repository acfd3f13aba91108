"""An app installed by a person who is sent to the shop and back: what comes back is kept and used at once.

Whoever has the address of an installation can only begin it. It ends well for the one who may install apps
in this very shop, and in the browser in which it began: the state that goes round holds a nonce, and so
does a cookie.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.shops.connector import Connector
from ripresa.contracts.shops.installing import (
    INSTALL_BACK,
    INSTALL_PATH,
    INSTALL_PURPOSE,
    Install,
)
from ripresa.core.config import Config
from ripresa.core.signed_ids import SignedIds
from ripresa.domain.connections import operations, queries
from ripresa.domain.connections.models import Connection
from ripresa.usecases.connections import Connections

_log = structlog.get_logger("ripresa.connections")


class NoSuchInstall(Exception):
    """Nothing is to be installed at this address."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An installation that has begun: where to send the user, and the nonce for a cookie."""

    address: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Installer:
    """Installs apps of `connections`; `config` says where we are, and signs."""

    connections: Connections
    config: Config

    def begin(self, platform: str, token: str) -> Begun:
        """Begin an installation. Raises NoSuchInstall, and BadSettings, CannotOpen, ConfigError."""
        connection, install = self._find(platform, token)
        nonce = secrets.token_urlsafe(16)
        back = back_address(self.config, platform)
        settings = self.connections.settings_of(connection)
        address = install.address(settings, back, f"{token}.{nonce}")
        if address is None:
            raise NoSuchInstall
        return Begun(address, nonce)

    def finish(
        self, platform: str, query: Mapping[str, str], nonce: str, now: datetime
    ) -> Connection:
        """Keep what the shop sent the user back with; the shop is asked and called from now on.

        Raises NoSuchInstall, HookRefused, ShopAway, NotLetIn, and BadSettings, CannotOpen, ConfigError.
        """
        token, _, given = query.get("state", "").partition(".")
        connection, install = self._find(platform, token)
        if not nonce or not hmac.compare_digest(given.encode(), nonce.encode()):
            raise HookRefused("this is not the browser in which it began, or it is long ago")
        kept = install.accept(self.connections.settings_of(connection), query, now)
        self.connections.keep(connection, kept)
        operations.wake(connection, now=now)
        _log.info("installed", connection=connection.name, shop=connection.shop_id)
        return connection

    def _find(self, platform: str, token: str) -> tuple[Connection, Install]:
        named = SignedIds(self.config.secret_key, INSTALL_PURPOSE).read(token)
        connection = None if named is None else queries.find(named.shop_id, named.row_id)
        if connection is None or connection.closed_at or connection.platform != platform:
            raise NoSuchInstall
        install = self.connections.connector(platform).install
        if install is None:
            raise NoSuchInstall
        return connection, install


def install_url(connection: Connection, connector: Connector, config: Config) -> str | None:
    """The address at which its app is installed; None: there is nothing to install."""
    back = back_address(config, connection.platform)
    install = connector.install
    if install is None or install.address(connection.settings, back, "") is None:
        return None
    ids = SignedIds(config.secret_key, INSTALL_PURPOSE)
    token = ids.sign(connection.shop_id, connection.id)
    return f"{config.public_url}{INSTALL_PATH}{connection.platform}/{token}"


def back_address(config: Config, platform: str) -> str:
    """Where the shop sends the user back to: to be registered with the app."""
    return f"{config.public_url}{INSTALL_PATH}{platform}{INSTALL_BACK}"
