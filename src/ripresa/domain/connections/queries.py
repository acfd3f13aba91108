"""Reading connections: which there are, and which are to be asked."""

from datetime import datetime
from uuid import UUID

from ripresa.core import query
from ripresa.domain.connections.models import Connection
from ripresa.domain.connections.operations import run
from ripresa.domain.providers.models import ProviderCall


def list_connections(shop_id: int) -> list[Connection]:
    """All connections of a shop, those that are open first, by name."""
    found = list(Connection.objects.filter(shop_id=shop_id).order_by("name"))
    return sorted(found, key=lambda one: one.closed_at is not None)


def find(shop_id: int, connection_id: UUID) -> Connection | None:
    """One connection."""
    return Connection.objects.filter(shop_id=shop_id, id=connection_id).first()


def get(shop_id: int, connection_id: UUID) -> Connection:
    """One connection that is there."""
    return Connection.objects.get(shop_id=shop_id, id=connection_id)


def list_open(shop_id: int) -> list[Connection]:
    """The connections of a shop that are not closed, the oldest first."""
    still_open = Connection.objects.filter(shop_id=shop_id, closed_at__isnull=True)
    return list(still_open.order_by("created_at", "id"))


def unread_calls(shop_id: int) -> dict[UUID, datetime | None]:
    """Calls of a shop's platforms that are stored and not read yet.

    With each, when it came if nobody has taken it yet; None: somebody reads it, or it has to wait.
    """
    return dict(query.run_often("ripresa.domain.connections", "unread_calls", shop_id=shop_id))


def unread_calls_of(connection: Connection) -> list[UUID]:
    """Calls of one connection that are stored and not read yet."""
    own = ProviderCall.objects.filter(shop_id=connection.shop_id, account_id=connection.id)
    return list(own.filter(due_at__isnull=False).values_list("id", flat=True))


def find_named(shop_id: int, name: str) -> Connection | None:
    """The connection of that name."""
    return Connection.objects.filter(shop_id=shop_id, name=name).first()


def shops_to_register(now: datetime) -> list[int]:
    """The shops with a connection whose webhooks are to be looked after."""
    return [shop_id for (shop_id,) in run("shops_to_register", now=now)]


def shops_to_fill(now: datetime) -> list[int]:
    """The shops with a history that is being told."""
    return [shop_id for (shop_id,) in run("shops_to_fill", now=now)]


def shops_to_ask(now: datetime) -> list[int]:
    """The shops with a connection that is to be asked."""
    return [shop_id for (shop_id,) in run("shops_to_ask", now=now)]
