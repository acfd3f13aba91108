"""Changing connections. Secrets come sealed: see ripresa.core.secrets."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.db import transaction
from django.db.models import QuerySet

from ripresa.contracts.calling.sayings import kept
from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.connections.models import Connection
from ripresa.domain.webhooks.telling import tell

# While somebody asks a shop, no other does; told anew with every page, which takes its time.
_LEASE = timedelta(minutes=10)

run = partial(query.run, "ripresa.domain.connections")


class ConnectionExists(Exception):
    """The shop has a connection of that name."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a call or of asking: events new to us, parts left out and what they were."""

    heard: int
    refused: int
    problems: Sequence[Mapping[str, Any]] = ()
    was_asked: bool = False


@dataclass(frozen=True, slots=True)
class NewConnection:
    """A connection to be. `settings` are the open ones, `secrets` the others, sealed."""

    platform: str
    name: str
    settings: Mapping[str, str]
    secrets: bytes
    can_be_asked: bool
    is_looked_after: bool = False


@transaction.atomic
def add(*, shop_id: int, new: NewConnection, now: datetime) -> Connection:
    """Add a connection; asked from now on, for what changes from now on. Raises ConnectionExists."""
    if Connection.objects.filter(shop_id=shop_id, name=new.name).exists():
        raise ConnectionExists(new.name)
    return Connection.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        platform=new.platform,
        name=new.name,
        settings=dict(new.settings),
        secrets=new.secrets,
        created_at=now,
        ask_at=now if new.can_be_asked else None,
        register_at=now if new.is_looked_after else None,
        asked_until=now,
    )


def change_settings(
    connection: Connection, settings: Mapping[str, str], secrets: bytes, now: datetime
) -> None:
    """Give a connection other settings; one that could not be asked is asked again at once."""
    own = _own(connection.shop_id, connection.id)
    own.update(settings=dict(settings), secrets=secrets, failures=0, trouble="", remedy="")
    own.filter(ask_at__isnull=False).update(ask_at=now)
    own.filter(register_at__isnull=False).update(register_at=now)


@transaction.atomic
def close(*, shop_id: int, connection_id: UUID, reason: str, now: datetime) -> bool:
    """Hear no more of a connection. False: it was closed already."""
    still_open = _own(shop_id, connection_id).filter(closed_at__isnull=True)
    if not still_open.update(closed_at=now, closed_reason=reason, ask_at=None, register_at=None):
        return False
    connection = _own(shop_id, connection_id).get()
    _tell(connection, HappeningType.CONNECTION_CLOSED, reason, now)
    return True


def note(*, shop_id: int, connection_id: UUID, tally: Tally, now: datetime) -> None:
    """Count what came of a call, or of asking."""
    run(
        "note_outcome",
        shop_id=shop_id,
        connection_id=connection_id,
        heard=tally.heard,
        missed=tally.heard if tally.was_asked else 0,
        refused=tally.refused,
        problems=json.dumps(list(tally.problems)),
        now=now,
    )


@transaction.atomic
def take_to_ask(*, shop_id: int, now: datetime) -> list[Connection]:
    """The connections of a shop that are to be asked; no other worker asks them meanwhile."""
    due = Connection.objects.filter(shop_id=shop_id, ask_at__lte=now).order_by("ask_at", "id")
    taken = list(due.select_for_update(skip_locked=True))
    ids = [one.id for one in taken]
    Connection.objects.filter(shop_id=shop_id, id__in=ids).update(ask_at=now + _LEASE)
    return taken


def go_on_asking(connection: Connection, *, now: datetime) -> None:
    """Keep others from asking for as long again."""
    _open(connection).update(ask_at=now + _LEASE)


@transaction.atomic
def ask_later(
    connection: Connection, *, ask_at: datetime, trouble: str, remedy: str, now: datetime
) -> None:
    """It could not be asked; `asked_until` stays where it was, so nothing is passed over."""
    failures = connection.failures + 1
    _open(connection).update(
        ask_at=ask_at, trouble=trouble, said=kept(trouble), remedy=remedy, failures=failures
    )
    if not connection.failures:
        _tell(connection, HappeningType.CONNECTION_QUIET, trouble, now)


def ask_again(connection: Connection, *, ask_at: datetime, behind: timedelta | None = None) -> None:
    """It was not asked to the end; or by a clock that is not the shop's, which is `behind`."""
    kept = {} if behind is None else {"behind": behind}
    _open(connection).update(ask_at=ask_at, **kept)


def wake(connection: Connection, *, now: datetime) -> None:
    """What lets us in is new: look after it, and ask it, at once."""
    _open(connection).update(failures=0, trouble="", remedy="")
    _open(connection).filter(ask_at__isnull=False).update(ask_at=now)
    _open(connection).filter(register_at__isnull=False).update(register_at=now)


def was_asked(
    connection: Connection,
    *,
    until: datetime,
    ask_at: datetime,
    behind: timedelta = timedelta(0),
) -> None:
    """All that changed until `until` was told, by a shop whose clock is `behind`."""
    _open(connection).update(
        asked_until=until, ask_at=ask_at, behind=behind, trouble="", remedy="", failures=0
    )


@transaction.atomic
def take_to_register(*, shop_id: int, now: datetime) -> list[Connection]:
    """The connections whose webhooks are to be looked after; no other worker does meanwhile."""
    due = Connection.objects.filter(shop_id=shop_id, register_at__lte=now, closed_at__isnull=True)
    taken = list(due.order_by("register_at", "id").select_for_update(skip_locked=True))
    ids = [one.id for one in taken]
    Connection.objects.filter(shop_id=shop_id, id__in=ids).update(register_at=now + _LEASE)
    return taken


def put_standing(
    connection: Connection, standing: Mapping[str, Any], *, register_at: datetime
) -> None:
    """How its webhooks stand, and when to look again."""
    _open(connection).update(standing=dict(standing), register_at=register_at)
    connection.standing = dict(standing)


@transaction.atomic
def reseal_all(reseal: Callable[[bytes], bytes]) -> int:
    """Seal the secrets of every connection of every shop anew; returns how many."""
    with database.cursor() as cursor:
        # Who adds or changes a connection meanwhile waits, and is then sealed with a key that stays.
        cursor.execute("LOCK TABLE connection IN SHARE ROW EXCLUSIVE MODE")
    every = list(Connection.objects.order_by("shop_id", "id"))
    for one in every:
        kept = None if one.kept is None else reseal(bytes(one.kept))
        _own(one.shop_id, one.id).update(secrets=reseal(bytes(one.secrets)), kept=kept)
    return len(every)


def _tell(connection: Connection, happened: HappeningType, reason: str, now: datetime) -> None:
    facts = {"platform": connection.platform, "reason": reason}
    happening = Happening(happened, connection.id, now, facts, {"connection": connection.id})
    tell(shop_id=connection.shop_id, types=[happened], happened=lambda: [happening], now=now)


def _open(connection: Connection) -> QuerySet[Connection]:
    return _own(connection.shop_id, connection.id).filter(closed_at__isnull=True)


def _own(shop_id: int, connection_id: UUID) -> QuerySet[Connection]:
    return Connection.objects.filter(shop_id=shop_id, id=connection_id)
