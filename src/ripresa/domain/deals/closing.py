"""What ends deals by itself: an order wins them, a cart that grew too old loses them (AGT-2).

Won is for good: an order that is cancelled later stands in the log, and the money leaves the reports with
the order. Runs under the locks of the people concerned.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from ripresa.core import query
from ripresa.domain.deals import activity
from ripresa.domain.deals.activity import Entry
from ripresa.domain.deals.pipeline import find_closing_stage

run = partial(query.run, "ripresa.domain.deals")

OrderAt = tuple[str, str]  # (source, the shop's id of the order)


def hear_of_orders(
    *, shop_id: int, cart_ids: Sequence[UUID], orders: Sequence[OrderAt], now: datetime
) -> None:
    """Win the deals that these orders win; `cart_ids` are the carts that an order has newly ended."""
    if not cart_ids and not orders:
        return
    stage = find_closing_stage(shop_id=shop_id, kind="won")
    if stage is None:
        return
    columns = {
        "sources": [source for source, _ in orders],
        "external_ids": [external_id for _, external_id in orders],
    }
    won = run(
        "win_by_orders",
        shop_id=shop_id,
        cart_ids=list(cart_ids),
        stage_id=stage.id,
        now=now,
        **columns,
    )
    entries = [
        Entry(deal_id, "won", activity.ORDER, now, from_stage=key, to_stage=stage.key)
        for deal_id, key in won
    ]
    voided = run("won_by_voided_orders", shop_id=shop_id, **columns)
    entries += [Entry(deal_id, "order_cancelled", activity.ORDER, now) for (deal_id,) in voided]
    activity.log(shop_id=shop_id, entries=entries, now=now)


def lose_untouched(*, shop_id: int, cart_ids: Sequence[UUID], why: str, now: datetime) -> None:
    """Lose the open deals of carts whose time is over, unless somebody works on them."""
    stage = find_closing_stage(shop_id=shop_id, kind="lost") if cart_ids else None
    if stage is None:
        return
    lost = run(
        "lose_untouched", shop_id=shop_id, cart_ids=list(cart_ids), stage_id=stage.id, now=now
    )
    entries = [
        Entry(deal_id, "lost", activity.CART, now, from_stage=key, to_stage=stage.key, note=why)
        for deal_id, key in lost
    ]
    activity.log(shop_id=shop_id, entries=entries, now=now)
