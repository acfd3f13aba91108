"""Add coupon codes to a pool, a handful at a time; files go another way (`import_coupons`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from ripresa.domain.coupons.models import CouponPool
from ripresa.domain.coupons.rules import fault_of_code
from ripresa.domain.coupons.staging import CodeRow, Counts, staged


class NotDynamic(Exception):
    """The pool has one code for everybody; nothing was changed."""


class NewCode(NamedTuple):
    """A code, and how long it is good; None: for ever."""

    code: str
    expires_at: datetime | None


class CodeFault(NamedTuple):
    """Why a code is not stored; `row` counts the codes from 1."""

    row: int
    message: str


class Added(NamedTuple):
    """What became of the codes. The others are stored already or stand there twice."""

    counts: Counts
    faults: list[CodeFault]


def add_codes(*, shop_id: int, pool: CouponPool, codes: Sequence[NewCode], now: datetime) -> Added:
    """Store those that are new and sound, all of them or none. Raises NotDynamic."""
    if pool.kind != "dynamic":
        raise NotDynamic(f"{pool.name!r} has one code for everybody")
    rows, faults = [], []
    for row, one in enumerate(codes, 1):
        code = one.code.strip()
        if fault := fault_of_code(code):
            faults.append(CodeFault(row, fault[1]))
        elif one.expires_at is not None and one.expires_at <= now:
            faults.append(CodeFault(row, f"{code} has ended already"))
        else:
            rows.append(CodeRow(row, code, one.expires_at))
    with staged(shop_id=shop_id, pool_id=pool.id, rows=rows, now=now) as staging:
        staging.store()
        return Added(staging.counts, faults)
