"""An app installed by a person who is sent to the shop and back: what comes back is kept and used at once.

Whoever has the address of an installation can only begin it. It ends well for the one who may install apps
in this very shop, and in the browser in which it began: the state that goes round holds a nonce, and so
does a cookie. A shop that calls us itself has no cookie: the nonce says by whom it was made, and when.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import Connector
from ripresa.contracts.shops.installing import (
    INSTALL_BACK,
    INSTALL_PATH,
    INSTALL_PURPOSE,
    Install,
)
from ripresa.core.config import Config, ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.core.signed_ids import SignedIds
from ripresa.domain.connections import operations, queries
from ripresa.domain.connections.models import Connection
from ripresa.usecases.connections import Connections
from ripresa.usecases.providers.sealed_settings import SealedSettings

# A user takes that long to log in to the shop and to agree.
_GOOD_FOR = timedelta(minutes=15)
_SEALED_FOR = "connection install nonce"
_LONGEST_INSTANT = 11

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

    def begin(self, platform: str, token: str, now: datetime) -> Begun:
        """Begin an installation. Raises NoSuchInstall, and BadSettings, CannotOpen, ConfigError."""
        connection, install = self._find(platform, token)
        nonce = self._nonce(token, secrets.token_urlsafe(16), now)
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
            raise HookRefused(say("this is not the browser in which it began, or it is long ago"))
        kept = install.accept(self.connections.settings_of(connection), query, now)
        self.connections.keep(connection, kept)
        operations.wake(connection, now=now)
        _log.info("installed", connection=connection.name, shop=connection.shop_id)
        return connection

    def receive(self, platform: str, state: str, body: bytes, now: datetime) -> None:
        """Take what the shop itself called with; it is asked and called from now on.

        Raises NoSuchInstall, HookRefused, NotLetIn, and BadSettings, CannotOpen, ConfigError.
        """
        token, _, nonce = state.partition(".")
        connection, install = self._find(platform, token)
        if install.receive is None:
            raise NoSuchInstall
        if not self._is_fresh(token, nonce, now):
            raise HookRefused(say("this address is old, or not ours: begin again"))
        settings = self.connections.settings_of(connection)
        if install.address(settings, back_address(self.config, platform), "") is None:
            raise HookRefused(say("this connection has what it needs"))
        self.connections.change(connection, install.receive(settings, body), now)
        operations.wake(connection, now=now)
        _log.info("keys received", connection=connection.name, shop=connection.shop_id)

    def _nonce(self, token: str, chance: str, now: datetime) -> str:
        """`chance`, when it was drawn, and our seal over both and the connection."""
        said = f"{chance}.{int(now.timestamp())}"
        key = f"ripresa {_SEALED_FOR}: {self.config.secret_key}".encode()
        return f"{said}.{hmac.new(key, f'{token}.{said}'.encode(), 'sha256').hexdigest()[:32]}"

    def _is_fresh(self, token: str, nonce: str, now: datetime) -> bool:
        chance, _, rest = nonce.partition(".")
        drawn, _, _ = rest.partition(".")
        if not drawn.isascii() or not drawn.isdecimal() or len(drawn) > _LONGEST_INSTANT:
            return False
        drawn_at = datetime.fromtimestamp(int(drawn), UTC)
        expected = self._nonce(token, chance, drawn_at)
        is_ours = hmac.compare_digest(expected.encode(), nonce.encode())
        return is_ours and abs(now - drawn_at) <= _GOOD_FOR

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
    if install is None:
        return None
    if install.address(_told(connection, connector), back, "") is None:
        return None
    ids = SignedIds(config.secret_key, INSTALL_PURPOSE)
    token = ids.sign(connection.shop_id, connection.id)
    return f"{config.public_url}{INSTALL_PATH}{connection.platform}/{token}"


def _told(connection: Connection, connector: Connector) -> Mapping[str, str]:
    """What a connection was told, its secrets as far as they can be opened."""
    try:
        return SealedSettings().whole(connector, connection)
    except (BadSettings, CannotOpen, ConfigError):
        return dict(connection.settings)


def back_address(config: Config, platform: str) -> str:
    """Where the shop sends the user back to: to be registered with the app."""
    return f"{config.public_url}{INSTALL_PATH}{platform}{INSTALL_BACK}"
