"""Tell the owner that a pool of coupons runs low, before it is used up (CPN-4)."""

from collections.abc import Iterable
from datetime import datetime

from ripresa.domain.coupons.operations import tell_low
from ripresa.domain.coupons.rules import NoCoupon, Reserved
from ripresa.domain.messages.owner_notices import Telling, tell_owner


def tell_low_pools(*, shop_id: int, given: Iterable[Reserved | NoCoupon], now: datetime) -> None:
    """After codes were given, in the same transaction: a pool that reached its mark is told once."""
    if not any(isinstance(one, Reserved) and one.is_new for one in given):
        return
    low = tell_low(shop_id=shop_id, now=now)
    tellings = [Telling("coupons_low", one.pool, str(one.left)) for one in low]
    tell_owner(shop_id=shop_id, tellings=tellings, now=now)
