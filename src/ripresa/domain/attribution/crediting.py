"""Credit orders in the database: who earned each, under all models at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.domain.attribution.credit import (
    Kind,
    Model,
    Rules,
    Sale,
    Touch,
    agent_spoke,
    qualifying,
    share_out,
)
from ripresa.domain.attribution.days import Spans

run = partial(query.run, "ripresa.domain.attribution")
_KINDS = {kind.value: kind for kind in Kind}
MODELS = (Model.LINEAR, Model.LAST, Model.FIRST, Model.POSITION, Model.DECAY)


class Whose(NamedTuple):
    """What a touchpoint belongs to, beside what the models look at."""

    touch_id: UUID
    message_id: UUID | None
    agent_id: UUID | None


@dataclass(frozen=True, slots=True)
class Sold:
    """An order with all that may have earned it; `counts`: it is one that counts (CAP-7, CAP-9)."""

    order_id: UUID
    sale: Sale
    counts: bool
    touches: tuple[Touch, ...]
    whose: dict[str, Whose]


@dataclass(frozen=True, slots=True)
class Share:
    """What one touchpoint got of an order, by model. `is_agents`: see `OrderCredit`."""

    touch: Touch
    whose: Whose
    is_agents: bool
    minor: dict[Model, int]


def find_sold(
    *, shop_id: int, contact_ids: Sequence[UUID], spans: Spans, window: timedelta
) -> list[Sold]:
    """The orders of some people and days, each with its touchpoints of `window` before its end."""
    rows = run(
        "orders_to_credit",
        shop_id=shop_id,
        contact_ids=list(contact_ids),
        begins=spans.begins,
        ends=spans.ends,
    )
    worth = [row for row in rows if row[6]]
    touches: defaultdict[UUID, list[Touch]] = defaultdict(list)
    whose: defaultdict[UUID, dict[str, Whose]] = defaultdict(dict)
    for order_id, touch_id, kind, at, channel, message_id, agent_id, is_machine in _touches(
        shop_id, worth, window
    ):
        name = touch_id.hex  # sorts as the id does
        touches[order_id].append(Touch(name, at, _KINDS[kind], channel, is_machine))
        whose[order_id][name] = Whose(touch_id, message_id, agent_id)
    return [
        Sold(
            order_id,
            Sale(order_id.hex, max(minor, 0), until, abandoned_at),
            counts,
            tuple(touches[order_id]),
            whose[order_id],
        )
        for order_id, _, _, minor, until, abandoned_at, counts in rows
    ]


def _touches(
    shop_id: int, orders: Sequence[tuple[Any, ...]], window: timedelta
) -> list[tuple[Any, ...]]:
    if not orders:
        return []
    return run(
        "touches_of_orders",
        shop_id=shop_id,
        window=window,
        ids=[row[0] for row in orders],
        contact_ids=[row[1] for row in orders],
        begins=[row[4] - window for row in orders],
        ends=[row[4] for row in orders],
        # An agent's contact since the abandonment counts, however long ago that was.
        since=[min(row[4] - window, row[5] or row[4]) for row in orders],
        external_ids=[row[2] for row in orders],
    )


def shares_of(sold: Sold, rules: Rules) -> list[Share]:
    """Who gets what of an order, by time; nobody where nothing qualifies, or it does not count."""
    if not sold.counts:
        return []
    earning = qualifying(sold.sale, sold.touches, rules)
    is_agents = agent_spoke(sold.sale, sold.touches, rules)
    by_model = {model: share_out(sold.sale, earning, model) for model in MODELS}
    return [
        Share(
            touch,
            sold.whose[touch.id],
            is_agents,
            {model: shares[number] for model, shares in by_model.items()},
        )
        for number, touch in enumerate(earning)
    ]


def keep(*, shop_id: int, sold: Sequence[Sold], rules: Rules) -> None:
    """Write down who earned these orders; what stood there of them before goes."""
    rows = [
        (one.order_id, place, share)
        for one in sold
        for place, share in enumerate(shares_of(one, rules), start=1)
    ]
    counted: defaultdict[UUID, int] = defaultdict(int)
    for order_id, _, _ in rows:
        counted[order_id] += 1
    if not sold:
        return
    run(
        "put_credit",
        shop_id=shop_id,
        ids=[one.order_id for one in sold],
        orders=[order_id for order_id, _, _ in rows],
        places=[place for _, place, _ in rows],
        latest=[place == counted[order_id] for order_id, place, _ in rows],
        touches=[share.whose.touch_id for _, _, share in rows],
        kinds=[share.touch.kind.value for _, _, share in rows],
        channels=[share.touch.channel for _, _, share in rows],
        instants=[share.touch.at for _, _, share in rows],
        messages=[share.whose.message_id for _, _, share in rows],
        agents=[share.whose.agent_id for _, _, share in rows],
        of_agents=[share.is_agents for _, _, share in rows],
        **{model.value: [share.minor[model] for _, _, share in rows] for model in MODELS},
    )
