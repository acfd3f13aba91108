"""Pools for scenarios and campaigns that name a worth and no pool: laid when these are published."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ripresa.contracts.calling.sayings import say
from ripresa.domain.connections import queries as connections
from ripresa.domain.coupons import minting, pools, queries
from ripresa.domain.coupons.rules import Worth
from ripresa.domain.scenarios.plan import Offer, Step
from ripresa.domain.shops.models import Shop

# Codes for offers of a month or less lie in one pool.
_MONTH = timedelta(days=30)
NOBODY_MAKES = say("no connected shop makes coupons")


def lay_minted_pools(*, shop: Shop, steps: Iterable[Step], now: datetime) -> list[str]:
    """Lay the pools that `steps` want and that are not there; returns their names.

    In the transaction that publishes, with the shop locked. An errand fills them: from whichever connected
    shop makes coupons, now or later.
    """
    laid: list[str] = []
    there = minting.minted_pools(shop.id)
    for offer in [one.coupon for one in steps if one.coupon is not None]:
        worth, valid_for = offer.worth, _validity(offer)
        if worth is None or any(one.serves(worth, valid_for) for one in there):
            continue
        laid.append(_lay(shop, worth, max(valid_for, _MONTH), now))
        there = minting.minted_pools(shop.id)
    return laid


def _validity(offer: Offer) -> timedelta:
    """How long the offer holds at most."""
    return timedelta(0) if offer.valid_for is None else offer.valid_for.at_most()


def _lay(shop: Shop, worth: Worth, valid_for: timedelta, now: datetime) -> str:
    recipe = minting.Recipe(
        worth.value,
        is_percent=not worth.currency,
        currency=worth.currency or shop.currency,
        valid_for=valid_for,
    )
    days = "" if valid_for == _MONTH else f", {valid_for.days} days"
    name = f"{worth}{days}"
    taken = queries.pool_ids(shop.id)
    while name in taken:
        name += " (minted)"
    pool = pools.create_pool(shop_id=shop.id, name=name, now=now, low_water=0)
    made = minting.add_mint(pool, None, recipe, now)
    if not connections.list_open(shop.id):
        minting.settle(made, due_at=now, trouble=NOBODY_MAKES, is_refused=True)
    return name
