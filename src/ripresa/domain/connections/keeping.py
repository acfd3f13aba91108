"""What a connector had us keep, sealed, and the one turn at renewing it."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from ripresa.domain.connections.models import Connection


def keep(connection: Connection, sealed: bytes) -> None:
    """Keep this from now on, in place of what was kept."""
    _own(connection).update(kept=sealed)
    connection.kept = sealed


def take_renewal(connection: Connection, *, now: datetime, lease: timedelta) -> bool:
    """Take the turn at renewing; False: another has it."""
    free = _own(connection).filter(Q(renewing_until=None) | Q(renewing_until__lte=now))
    return bool(free.update(renewing_until=now + lease))


def give_back_renewal(connection: Connection) -> None:
    """Others may renew again."""
    _own(connection).update(renewing_until=None)


def _own(connection: Connection) -> QuerySet[Connection]:
    return Connection.objects.filter(shop_id=connection.shop_id, id=connection.id)
