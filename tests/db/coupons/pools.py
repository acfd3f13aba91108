"""Pools with codes in them, written directly."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from ripresa.core.ids import new_id
from ripresa.domain.contacts.models import Contact
from ripresa.domain.coupons.models import CouponCode, CouponPool
from ripresa.domain.coupons.rules import Wish
from ripresa.domain.shops.models import Shop
from tests.rows import T0

NEVER = None


def make_pool(shop: Shop, name: str = "spring", **values) -> CouponPool:
    made = {"kind": "static" if "code" in values else "dynamic", "created_at": T0}
    return CouponPool.objects.create(shop=shop, id=new_id(T0), name=name, **{**made, **values})


def add_codes(
    pool: CouponPool, codes: Iterable[str], expires_at: datetime | None = NEVER
) -> list[CouponCode]:
    made = []
    for number, code in enumerate(codes):
        row_id = new_id(T0 + timedelta(milliseconds=number))
        made.append(
            CouponCode(
                shop_id=pool.shop_id, id=row_id, pool_id=pool.id, code=code, expires_at=expires_at
            )
        )
    return CouponCode.objects.bulk_create(made)


def wish(contact: Contact, pool: str | None = "spring", **values) -> Wish:
    made: dict = {"key": uuid4(), "origin_kind": "recovery", "origin_id": uuid4(), "step": "first"}
    return Wish(pool=pool, contact_id=contact.id, **{**made, **values})


def free(pool: CouponPool) -> list[str]:
    found = CouponCode.objects.filter(shop_id=pool.shop_id, pool_id=pool.id, reserved_at=None)
    return list(found.order_by("id").values_list("code", flat=True))
