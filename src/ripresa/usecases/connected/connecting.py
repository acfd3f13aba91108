"""Connecting a shop, from the console, the command line or a program: made, and looked after at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ripresa.core.config import Config
from ripresa.domain.connections import queries
from ripresa.domain.connections.models import Connection
from ripresa.usecases.connected.installing import install_url
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connected.registering import Registrar
from ripresa.usecases.connections import Connections, hook_url


class Wanted(NamedTuple):
    """A shop to be connected. An empty `name`: that of the platform."""

    platform: str
    name: str
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection that was made just now, as it stands.

    `webhook_url`: what the shop is to call; None: it calls nobody. `install_url`: where a person lets us
    into the shop; None: we are in.
    """

    connection: Connection
    webhook_url: str | None
    install_url: str | None


def connect_shop(
    connections: Connections, config: Config, wanted: Wanted, *, shop_id: int, now: datetime
) -> Connected:
    """Hear a shop from now on; it is asked to call us at once, and by the workers every hour.

    Raises BadSettings, ConnectionExists, ConfigError.
    """
    made = connections.connect(
        shop_id=shop_id,
        platform=wanted.platform,
        name=wanted.name or wanted.platform,
        given=wanted.settings,
        now=now,
    )
    connector = connections.connector(wanted.platform)
    install = install_url(made, connector, config)
    if install is None and made.register_at is not None:
        Registrar(Opener(connections), config).look_after(made, now)
        made = queries.get(shop_id, made.id)
    return Connected(made, hook_url(made, connector, config), install)
