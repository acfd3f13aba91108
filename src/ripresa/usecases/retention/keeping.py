"""Let go of what was kept long enough: a batch of each kind a tick, once a day and shop."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Q

from ripresa.core import query
from ripresa.core.ids import first_id
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.retention import LIMITS, limits_of
from ripresa.usecases.personal_data.erase import NobodyThere, erase_contact
from ripresa.usecases.replay import asked as replays

BATCH = 2_000
# Each is erased in a transaction of her own.
PEOPLE = 50
EVERY = timedelta(days=1)

_run = partial(query.run, "ripresa.usecases.retention")
_KINDS = (
    "events",
    "activity",
    "contents",
    "letters",
    "links",
    "feedback",
    "calls",
    "webhooks",
    "files",
    "audit",
)
# Which limit rules what has none of its own.
_LIMIT_OF = {"letters": "contents", "links": "contents"}


def shops_to_tidy(now: datetime) -> list[int]:
    """The shops that were not tidied for a day."""
    found = Shop.objects.filter(Q(tidied_at__isnull=True) | Q(tidied_at__lte=now - EVERY))
    return list(found.order_by("id").values_list("id", flat=True))


def let_go(*, shop_id: int, now: datetime) -> int:
    """Let go of a batch of each kind; returns how many rows went. Nothing left: done for a day."""
    shop = Shop.objects.get(id=shop_id)
    gone = sum(let_go_of(shop, kind, now) for kind in _KINDS) + _erase_idle(shop, now)
    gone += replays.forget_old(shop_id=shop_id, now=now)
    if not gone:
        Shop.objects.filter(id=shop_id).update(tidied_at=now)
    return gone


def let_go_of(shop: Shop, kind: str, now: datetime) -> int:
    """Let go of a batch of one kind; returns how many rows went."""
    cutoff = _cutoff(shop, kind, now)
    if cutoff is None:
        return 0
    [(count,)] = _run(
        f"drop_{kind}", shop_id=shop.id, cutoff=cutoff, floor=first_id(cutoff), now=now, limit=BATCH
    )
    return int(count)


def count_all(shop: Shop, now: datetime) -> dict[str, int]:
    """How many rows of each kind would go now, all batches together."""
    counts = {}
    for kind in _KINDS:
        cutoff = _cutoff(shop, kind, now)
        if cutoff is None:
            counts[kind] = 0
            continue
        [(count,)] = _run(
            f"count_{kind}", shop_id=shop.id, cutoff=cutoff, floor=first_id(cutoff), now=now
        )
        counts[kind] = int(count)
    counts["contacts"] = len(_idle(shop, now, most=None))
    return counts


def count_by_limit(shop: Shop, now: datetime) -> dict[str, int]:
    """The same by the limits that a shop sets, of which some rule more than one kind of row."""
    summed = dict.fromkeys(LIMITS, 0)
    for kind, count in count_all(shop, now).items():
        summed[_LIMIT_OF.get(kind, kind)] += count
    return summed


def next_run_at(shop: Shop) -> datetime | None:
    """When it is done again; None: as soon as a worker has time."""
    return None if shop.tidied_at is None else shop.tidied_at + EVERY


def _erase_idle(shop: Shop, now: datetime) -> int:
    """People without activity are erased, but may come again: no tombstone. What they forbade stays."""
    erased = 0
    for contact_id in _idle(shop, now, most=PEOPLE):
        try:
            erase_contact(
                shop_id=shop.id,
                contact_id=contact_id,
                by="retention",
                now=now,
                may_return=True,
                keeps_refusals=True,
            )
        except NobodyThere:
            continue
        erased += 1
    return erased


def _idle(shop: Shop, now: datetime, *, most: int | None) -> list[UUID]:
    cutoff = _cutoff(shop, "contacts", now)
    if cutoff is None:
        return []
    rows = _run("idle_contacts", shop_id=shop.id, cutoff=cutoff, floor=first_id(cutoff), limit=most)
    return [contact_id for (contact_id,) in rows]


def _cutoff(shop: Shop, kind: str, now: datetime) -> datetime | None:
    days = limits_of(shop)[_LIMIT_OF.get(kind, kind)]
    return now - timedelta(days=days) if days else None
