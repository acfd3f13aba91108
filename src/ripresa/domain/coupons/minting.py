"""Pools whose codes the shop makes: what is to be made, what was asked for, and what came of it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.coupons.models import CouponCode, CouponMint, CouponPool

run = partial(query.run, "ripresa.domain.coupons")

# Without letters and digits that are taken for one another; 30^10 codes are not to be guessed.
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_LENGTH = 10
_LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the codes of a pool are worth: `value` in percent, or money; `ahead` of them always at hand."""

    value: Decimal
    is_percent: bool
    currency: str
    minimum: Decimal | None = None
    valid_for: timedelta | None = None
    ahead: int = 100
    prefix: str = ""


def add_mint(pool: CouponPool, connection_id: UUID, recipe: Recipe, now: datetime) -> CouponMint:
    """Have the codes of a pool made by a connection, from now on."""
    return CouponMint.objects.create(
        shop_id=pool.shop_id,
        id=new_id(now),
        pool_id=pool.id,
        connection_id=connection_id,
        value=recipe.value,
        is_percent=recipe.is_percent,
        currency=recipe.currency,
        minimum=recipe.minimum,
        valid_for=recipe.valid_for,
        ahead=recipe.ahead,
        prefix=recipe.prefix,
        due_at=now,
    )


def shops_to_mint(now: datetime) -> list[int]:
    """The shops with a pool that is to be looked after."""
    return [shop_id for (shop_id,) in run("shops_to_mint", now=now)]


@transaction.atomic
def take_due(*, shop_id: int, now: datetime) -> list[CouponMint]:
    """The pools to look after; no other worker does meanwhile."""
    due = CouponMint.objects.filter(shop_id=shop_id, due_at__lte=now).order_by("due_at", "id")
    taken = list(due.select_for_update(skip_locked=True))
    CouponMint.objects.filter(shop_id=shop_id, id__in=[one.id for one in taken]).update(
        due_at=now + _LEASE
    )
    return taken


def free_codes(mint: CouponMint, now: datetime) -> int:
    """How many codes are at hand that are still good."""
    return _free(mint).filter(Q(expires_at=None) | Q(expires_at__gt=now)).count()


def any_free_code(mint: CouponMint) -> str | None:
    """The code that is given next."""
    return _free(mint).order_by("expires_at", "id").values_list("code", flat=True).first()


def draw(mint: CouponMint, count: int, now: datetime) -> None:
    """Make up codes and write them down before the shop hears of them; what was drawn before stays."""
    if mint.drawn:
        return
    drawn = [
        mint.prefix + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        for _ in range(count)
    ]
    until = None if mint.valid_for is None else _month_after(now + mint.valid_for)
    _own(mint).update(drawn=drawn, drawn_until=until)
    mint.drawn, mint.drawn_until = drawn, until


def settle(mint: CouponMint, *, due_at: datetime, trouble: str = "") -> None:
    """Look after it again at `due_at`; without a trouble all that was drawn has come of it what could."""
    _own(mint).update(due_at=due_at, trouble=trouble)


def forget_drawn(mint: CouponMint) -> None:
    """What was drawn lies in the pool, or was refused."""
    _own(mint).update(drawn=[], drawn_until=None)
    mint.drawn, mint.drawn_until = [], None


def mints_of(shop_id: int, pool_ids: Sequence[UUID]) -> dict[UUID, CouponMint]:
    """How the codes of pools are made, by pool."""
    found = CouponMint.objects.filter(shop_id=shop_id, pool_id__in=pool_ids)
    return {one.pool_id: one for one in found}


def pools_by_percent(shop_id: int) -> dict[Decimal, str]:
    """The pool that gives so many percent, minted in the shop; of several the oldest."""
    found = CouponMint.objects.filter(shop_id=shop_id, is_percent=True).order_by("-id")
    return dict(found.values_list("value", "pool__name"))


def _month_after(instant: datetime) -> datetime:
    """The first of the next month: codes of a month end together, as some shops want it."""
    year, month = divmod(instant.year * 12 + instant.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _free(mint: CouponMint) -> QuerySet[CouponCode]:
    return CouponCode.objects.filter(
        shop_id=mint.shop_id, pool_id=mint.pool_id, reserved_at__isnull=True
    )


def _own(mint: CouponMint) -> QuerySet[CouponMint]:
    return CouponMint.objects.filter(shop_id=mint.shop_id, id=mint.id)
