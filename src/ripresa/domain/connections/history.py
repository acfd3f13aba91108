"""Histories that are being told: begun, gone on with, finished."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from ripresa.contracts.calling.sayings import kept
from ripresa.core.ids import new_id
from ripresa.domain.connections.models import BackFill, Connection

# While somebody tells a history, no other does; told anew with every page.
_LEASE = timedelta(minutes=10)


class AlreadyTelling(Exception):
    """A history of this connection is being told already."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one page came to. `until` as in HistoryPage."""

    heard: int
    known: int
    refused: int
    until: datetime | None


def begin(connection: Connection, *, since: datetime, now: datetime) -> BackFill:
    """Tell a connection's history from `since` on, from now. Raises AlreadyTelling."""
    try:
        with transaction.atomic():
            return BackFill.objects.create(
                shop_id=connection.shop_id, id=new_id(now), connection_id=connection.id,
                since=since, begun_at=now, due_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyTelling from None


@transaction.atomic
def take(*, shop_id: int, now: datetime) -> BackFill | None:
    """The history of a shop that has waited longest; nobody else tells it meanwhile."""
    due = BackFill.objects.filter(shop_id=shop_id, due_at__lte=now).order_by("due_at", "id")
    taken = due.select_for_update(skip_locked=True).first()
    if taken is not None:
        _own(taken).update(due_at=now + _LEASE)
    return taken


def note(filling: BackFill, page: Page, *, now: datetime) -> None:
    """Count a page, in the transaction that stored it; the lease begins anew."""
    _own(filling).update(
        pages=F("pages") + 1,
        heard=F("heard") + page.heard,
        known=F("known") + page.known,
        refused=F("refused") + page.refused,
        until=F("until") if page.until is None else page.until,
        failures=0,
        trouble="",
        due_at=now + _LEASE,
    )


def wait(filling: BackFill, *, due_at: datetime, trouble: str = "") -> None:
    """Go on at `due_at`; with a `trouble` it did not get on."""
    failures = filling.failures + 1 if trouble else 0
    said = kept(trouble)
    _own(filling).update(due_at=due_at, trouble=trouble, said=said, failures=failures)


def finish(filling: BackFill, *, now: datetime, trouble: str = "") -> None:
    """All is told, or nothing more will be."""
    _own(filling).update(due_at=None, finished_at=now, trouble=trouble, said=kept(trouble))


def latest(connection: Connection) -> BackFill | None:
    """The history that was begun last."""
    own = BackFill.objects.filter(shop_id=connection.shop_id, connection_id=connection.id)
    return own.order_by("-begun_at", "-id").first()


def _own(filling: BackFill) -> QuerySet[BackFill]:
    return BackFill.objects.filter(shop_id=filling.shop_id, id=filling.id, finished_at__isnull=True)
