"""What people do to pools by hand, written into the shop's log."""

from datetime import datetime
from typing import Any

from django.db import transaction

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.coupons import pools
from ripresa.domain.coupons.models import CouponPool


@transaction.atomic
def make_pool(*, shop_id: int, name: str, now: datetime, **how: Any) -> CouponPool:
    """A pool, as `create_pool` makes it. Raises PoolExists, PoolRefused."""
    made = pools.create_pool(shop_id=shop_id, name=name, now=now, **how)
    after = {"kind": made.kind, "low_water": made.low_water, "expires_at": made.expires_at}
    _write(made, Action.CREATED, now, after=after)
    return made


@transaction.atomic
def set_mark(pool: CouponPool, low_water: int, now: datetime) -> None:
    """Warn at another mark. Raises PoolRefused."""
    pools.set_low_water(shop_id=pool.shop_id, pool=pool, low_water=low_water)
    before, after = {"low_water": pool.low_water}, {"low_water": low_water}
    _write(pool, Action.CHANGED, now, before=before, after=after)


@transaction.atomic
def throw_away(pool: CouponPool, now: datetime) -> int:
    """Delete the codes that nobody has got; returns how many."""
    gone = pools.empty_pool(shop_id=pool.shop_id, pool=pool)
    _write(pool, Action.REMOVED, now, before={"codes": gone})
    return gone


def tell_imported(pool: CouponPool, codes: int, now: datetime) -> None:
    """Codes came out of a file."""
    _write(pool, Action.IMPORTED, now, after={"codes": codes})


def _write(pool: CouponPool, action: Action, now: datetime, **values: dict[str, Any]) -> None:
    subject = Subject(About.COUPONS, pool.id, pool.name)
    write_down(shop_id=pool.shop_id, action=action, subject=subject, now=now, **values)
