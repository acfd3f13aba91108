"""Credit orders in the database: who earned each, under all models at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.domain.attribution.credit import (
    DECAY_ONE,
    HALF_LIFE,
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


def find_sold(*, shop_id: int, order_id: UUID, window: timedelta) -> Sold:
    """One placed order with its touchpoints of `window` before its end."""
    values = {"shop_id": shop_id, "order_id": order_id, "window": window}
    [(minor, until, abandoned_at, counts)] = run("sold", **values)
    touches: list[Touch] = []
    whose: dict[str, Whose] = {}
    for touch_id, kind, at, channel, message_id, agent_id, is_machine in run(
        "touches_of_order", **values
    ):
        name = touch_id.hex  # sorts as the id does
        touches.append(Touch(name, at, _KINDS[kind], channel, is_machine))
        whose[name] = Whose(touch_id, message_id, agent_id)
    sale = Sale(order_id.hex, minor, until, abandoned_at)
    return Sold(order_id, sale, counts, tuple(touches), whose)


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


def credit_people(*, shop_id: int, contact_ids: Sequence[UUID], rules: Rules) -> None:
    """Write down who earned the orders of some people, as `shares_of` has it, in one statement."""
    run("credit_people", contact_ids=list(contact_ids), **_values(shop_id, rules))


def credit_days(*, shop_id: int, spans: Spans, rules: Rules) -> None:
    """The same for all orders of some days."""
    run("credit_days", begins=spans.begins, ends=spans.ends, **_values(shop_id, rules))


def _values(shop_id: int, rules: Rules) -> dict[str, Any]:
    return {
        "shop_id": shop_id,
        "window": rules.window,
        "with_opens": rules.with_opens,
        "one": DECAY_ONE,
        "half_life": HALF_LIFE // timedelta(microseconds=1),
    }
