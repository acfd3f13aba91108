"""Touchpoints from outside: a fair, a call, a visit, an advertisement. Stored once, however often told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from ripresa.core import query
from ripresa.core.ids import first_id
from ripresa.domain.attribution import stale
from ripresa.domain.attribution.models import Touchpoint
from ripresa.domain.contacts.erasure import tombstones

_RANDOM_BITS = 74
run = partial(query.run, "ripresa.domain.attribution")


class NewTouch(NamedTuple):
    """A touchpoint as `source` tells it: of a person by her `key` (contracts.keys), or of one `order`."""

    source: str
    external_id: str
    at: datetime
    kind: str
    channel: str
    key: str = ""
    order: str = ""
    is_machine: bool = False


def id_of(touch: NewTouch) -> UUID:
    """The id of a touchpoint: a UUIDv7 of its instant whose random part says who told it as what."""
    digest = sha256(f"{touch.source}\n{touch.external_id}".encode()).digest()
    random = int.from_bytes(digest[:10]) >> (80 - _RANDOM_BITS)
    low = (random >> 62) << 64 | random & ((1 << 62) - 1)
    return UUID(int=first_id(touch.at).int | 0x7 << 76 | 0b10 << 62 | low)


@transaction.atomic
def add_touchpoints(*, shop_id: int, touches: Sequence[NewTouch], now: datetime) -> int:
    """Store touchpoints, none of which lies ahead; returns how many were new.

    Those of people who were erased are left out.
    """
    touches = _kept(shop_id, touches)
    if not touches:
        return 0
    for month in sorted({_month(touch.at) for touch in touches}):
        _lay_partition(month)
    rows = [
        Touchpoint(
            shop_id=shop_id,
            id=id_of(touch),
            source=touch.source,
            external_id=touch.external_id,
            at=touch.at,
            kind=touch.kind,
            channel=touch.channel,
            key=touch.key,
            order_external_id=touch.order,
            is_machine=touch.is_machine,
        )
        for touch in touches
    ]
    before = Touchpoint.objects.filter(shop_id=shop_id, id__in=[row.id for row in rows]).count()
    Touchpoint.objects.bulk_create(rows, ignore_conflicts=True)
    concerned = run(
        "whom_touches_concern",
        shop_id=shop_id,
        keys=sorted({touch.key for touch in touches if touch.key}),
        orders=sorted({touch.order for touch in touches if touch.order}),
    )
    stale.mark(
        shop_id=shop_id,
        now=now,
        contact_ids=[contact for contact, _ in concerned],
        days=[day for contact, day in concerned if contact is None and day is not None],
    )
    return len({row.id for row in rows}) - before


def _kept(shop_id: int, touches: Sequence[NewTouch]) -> list[NewTouch]:
    erased = tombstones.erased_among(shop_id, {touch.key for touch in touches if touch.key})
    return [touch for touch in touches if touch.key not in erased]


def _month(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _lay_partition(month: datetime) -> None:
    """A month is a range of ids, for they begin with the instant."""
    after = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS touchpoint_{month:%Y_%m} PARTITION OF touchpoint "
            f"FOR VALUES FROM ('{first_id(month)}') TO ('{first_id(after)}')"
        )
