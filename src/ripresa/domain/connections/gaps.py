"""Gaps: what only asking a shop has told, kept for those who wonder how well its calls come through."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from ripresa.contracts.events import StoreEvent
from ripresa.core.ids import new_id
from ripresa.domain.connections.models import Connection, ConnectionGap

ASKED = "asked"
BEFORE_SENDING = "before_sending"
# A call takes its time: what happened less long ago may still be on its way, and is no gap yet.
ON_ITS_WAY = timedelta(minutes=5)
# So long they are kept.
KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Asking:
    """One time of asking: at `at`, in a `way`, for what changed since `since`.

    `is_called`: the shop calls us as well, so that what only asking tells is a gap.
    """

    at: datetime
    way: str
    since: datetime
    is_called: bool


def note_gap(connection: Connection, asking: Asking, found: Sequence[StoreEvent]) -> None:
    """Keep that `asking` brought events which were new; a page at a time, in the caller's transaction."""
    late = [one for one in found if one.occurred_at <= asking.at - ON_ITS_WAY]
    if not late or not asking.is_called:
        return
    counted = Counter(one.type.value for one in late)
    instants = [one.occurred_at for one in late]
    known = (
        ConnectionGap.objects.select_for_update()
        .filter(
            shop_id=connection.shop_id,
            connection_id=connection.id,
            found_at=asking.at,
            way=asking.way,
        )
        .first()
    )
    if known is not None:
        counted += Counter(known.by_type)
        instants += [known.earliest_at, known.latest_at]
    values = {
        "events": counted.total(),
        "by_type": dict(sorted(counted.items())),
        "earliest_at": min(instants),
        "latest_at": max(instants),
    }
    if known is not None:
        ConnectionGap.objects.filter(shop_id=known.shop_id, id=known.id).update(**values)
        return
    ConnectionGap.objects.create(
        shop_id=connection.shop_id,
        id=new_id(asking.at),
        connection_id=connection.id,
        found_at=asking.at,
        way=asking.way,
        since=asking.since,
        **values,
    )
    _let_go(connection, asking.at)


def list_gaps(
    connection: Connection, *, limit: int, before: tuple[datetime, UUID] | None = None
) -> list[ConnectionGap]:
    """The gaps of a connection, the newest first; those after the place `before` in that order."""
    found = ConnectionGap.objects.filter(shop_id=connection.shop_id, connection_id=connection.id)
    if before is not None:
        at, gap_id = before
        found = found.filter(Q(found_at__lt=at) | Q(found_at=at, id__lt=gap_id))
    return list(found.order_by("-found_at", "-id")[:limit])


def _let_go(connection: Connection, now: datetime) -> None:
    own = ConnectionGap.objects.filter(shop_id=connection.shop_id, connection_id=connection.id)
    own.filter(found_at__lt=now - KEPT_FOR).delete()
