"""Lay pools and empty them."""

from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models.functions import Length

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.coupons.models import CouponCode, CouponPool
from ripresa.domain.coupons.rules import fault_of_code

run = partial(query.run, "ripresa.domain.coupons")

# A mark that warns in time and does not cry over a pool that was small from the start.
LOW_WATER = 20
_LONGEST_NAME = 100


class PoolExists(Exception):
    """There is a pool of that name already; nothing was changed."""


class NoSuchPool(Exception):
    """The shop has no pool of that name; the message names those it has."""


class PoolRefused(ValueError):
    """A pool can't be like that; the message says why."""


def create_pool(
    *,
    shop_id: int,
    name: str,
    now: datetime,
    code: str | None = None,
    expires_at: datetime | None = None,
    low_water: int = LOW_WATER,
) -> CouponPool:
    """A dynamic pool, or with `code` a static one that is good until `expires_at`.

    `low_water` is for dynamic pools. Raises PoolExists, PoolRefused.
    """
    if not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise PoolRefused(f"a pool's name is one line of at most {_LONGEST_NAME} characters")
    if code is not None and (fault := fault_of_code(code)):
        raise PoolRefused(fault[1])
    if low_water < 0:
        raise PoolRefused("the low-water mark is a number of codes, 0 or more")
    try:
        with transaction.atomic():
            return CouponPool.objects.create(
                shop_id=shop_id,
                id=new_id(now),
                name=name.strip(),
                kind="dynamic" if code is None else "static",
                code=code,
                expires_at=None if code is None else expires_at,
                low_water=low_water if code is None else None,
                told_low_at=now if code is None else None,  # it is empty from the start: no news
                created_at=now,
            )
    except IntegrityError:
        raise PoolExists(f"there is a pool {name.strip()!r} already") from None


def get_pool(shop_id: int, name: str) -> CouponPool:
    """The pool of that name. Raises NoSuchPool."""
    pools = CouponPool.objects.filter(shop_id=shop_id)
    found = pools.filter(name=name).first()
    if found is None:
        there = ", ".join(
            repr(each) for each in pools.order_by("name").values_list("name", flat=True)
        )
        raise NoSuchPool(f"there is no pool {name!r}; there is: {there or 'none yet'}")
    return found


def longest_code(shop_id: int, name: str) -> str:
    """The longest code that a pool can give away, empty where it has none. Raises NoSuchPool."""
    pool = get_pool(shop_id, name)
    if pool.code is not None:
        return pool.code
    free = CouponCode.objects.filter(shop_id=shop_id, pool_id=pool.id, reserved_at__isnull=True)
    longest = free.order_by(Length("code").desc()).values_list("code", flat=True).first()
    return longest or ""


def empty_pool(*, shop_id: int, pool: CouponPool) -> int:
    """Throw away the codes that were not given; returns how many. What was given stays given."""
    [(dropped,)] = run("drop_free_codes", shop_id=shop_id, pool_id=pool.id)
    return int(dropped)


def set_low_water(*, shop_id: int, pool: CouponPool, low_water: int) -> None:
    """Warn at another mark; at or under it the owner is told anew. Raises PoolRefused."""
    if pool.kind != "dynamic":
        raise PoolRefused("a code for everybody is never used up")
    if low_water < 0:
        raise PoolRefused("the low-water mark is a number of codes, 0 or more")
    own = CouponPool.objects.filter(shop_id=shop_id, id=pool.id)
    own.update(low_water=low_water, told_low_at=None)
