"""Settle what silent workers left behind: unknown if it may have left, planned again if not."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ripresa.domain.attribution import stale
from ripresa.domain.contacts import locking
from ripresa.domain.coupons import operations as coupons
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.operations import Expired
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.scenarios.plan import AGENT
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.sending.notices import Notice, move_after

BATCH = 500


@transaction.atomic
def expire_leases(*, shop_id: int, now: datetime, limit: int = BATCH) -> int:
    """Settle up to `limit` messages of a shop whose lease ran out; returns how many."""
    # What counts from a notice is changed under the locks of its people, and they come before their
    # messages, as in a hand-over: else each of us could hold what the other waits for.
    people = outbox.people_of_silent_notices(shop_id=shop_id, now=now)
    if people:
        locking.lock(shop_id=shop_id, contact_ids=people)
    expired = outbox.expire_leases(shop_id=shop_id, now=now, limit=limit)
    left = [one for one in expired if one.has_departed]
    stale.mark(shop_id=shop_id, now=now, instants=[one.handed_over_at for one in left])
    places = [(one.origin_kind, one.origin_id, one.step) for one in left]
    coupons.mark_sent(shop_id=shop_id, origins=places, now=now)
    notices = [one for one in left if one.channel == AGENT]
    move_after(shop_id=shop_id, notices=_notices(shop_id, notices))
    operations.finish_runs(
        shop_id=shop_id, recovery_ids=[one.origin_id for one in expired], now=now
    )
    return len(expired)


def _notices(shop_id: int, expired: Sequence[Expired]) -> list[Notice]:
    if not expired:
        return []
    origin_ids = [one.origin_id for one in expired]
    runs = Recovery.objects.filter(shop_id=shop_id, id__in=origin_ids)
    found = {run.id: run for run in runs}
    return [
        Notice(
            one.origin_id,
            plan_of(shop_id, found[one.origin_id].version_id)
            .branch_named(found[one.origin_id].branch or "")
            .steps,
            one.step_number,
            one.handed_over_at,
        )
        for one in expired
        if one.origin_id in found
    ]
