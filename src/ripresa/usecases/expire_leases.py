"""Settle what silent workers left behind: unknown if it may have left, planned again if not."""

from datetime import datetime

from django.db import transaction

from ripresa.domain.messages import operations as outbox
from ripresa.domain.scenarios import operations

BATCH = 500


@transaction.atomic
def expire_leases(*, shop_id: int, now: datetime, limit: int = BATCH) -> int:
    """Settle up to `limit` messages of a shop whose lease ran out; returns how many."""
    origins = outbox.expire_leases(shop_id=shop_id, now=now, limit=limit)
    operations.finish_runs(shop_id=shop_id, recovery_ids=origins, now=now)
    return len(origins)
