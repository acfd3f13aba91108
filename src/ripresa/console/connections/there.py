"""The connectors there are, and what a page has them do at once."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from ripresa.contracts.shops.connector import Connector
from ripresa.domain.connections import queries
from ripresa.domain.connections.models import Connection
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connected.registering import Registrar
from ripresa.usecases.connections import Connections


def all_connections() -> Connections:
    """The connections over all connectors of this install."""
    connectors: Mapping[str, Connector] = import_string(settings.CONNECTORS)
    return Connections(connectors)


def look_after(connection: Connection, now: datetime) -> None:
    """Have the shop call us, and see what is to be known of it, at once: workers do it every hour."""
    if connection.register_at is not None:
        kept = queries.get(connection.shop_id, connection.id)
        Registrar(Opener(all_connections())).look_after(kept, now)
