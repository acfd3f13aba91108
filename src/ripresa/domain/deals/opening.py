"""Open deals for abandoned carts, each with its agent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.deals import activity, pipeline
from ripresa.domain.deals.activity import Entry
from ripresa.domain.deals.assigning import agents_for
from ripresa.domain.deals.rules import (
    AgentName,
    MembersOf,
    Prospect,
    StagePlace,
    in_no_segment,
    moves_forward,
    stage_to_open_in,
)

run = partial(query.run, "ripresa.domain.deals")


class Wanted(NamedTuple):
    """A deal that should stand in `stage` (a key). `country` and `value` also choose the agent."""

    cart_id: UUID
    contact_id: UUID
    stage: str
    value: Money
    country: str | None = None


class OpenDeal(NamedTuple):
    """The open deal of a cart. No agent: nobody's customer, so the shop's owner is told (SCN-19)."""

    id: UUID
    agent: AgentName | None
    is_new: bool


def open_deals(
    *,
    shop_id: int,
    wanted: Sequence[Wanted],
    now: datetime,
    who: str = activity.SCENARIO,
    members_of: MembersOf = in_no_segment,
) -> dict[UUID, OpenDeal]:
    """Open a deal for each of these carts, whose people the caller has locked; returns it by cart.

    A cart that has one keeps it; a wanted stage further on moves it there, never back. Absent: its deal
    was won or lost since the cart was abandoned, and that stands.
    """
    if not wanted:
        return {}
    pipeline.lay(shop_id=shop_id, now=now)
    stages = pipeline.places(shop_id=shop_id)
    first = {one.cart_id: one for one in reversed(wanted)}
    targets = {cart_id: stage_to_open_in(stages, one.stage) for cart_id, one in first.items()}
    new = _insert(shop_id, list(first.values()), targets, members_of, now)
    entries = [_opening(deal_id, first[cart], targets[cart], who, now) for deal_id, cart in new]
    rows = run("standing", shop_id=shop_id, cart_ids=list(first))
    fresh = {deal_id for deal_id, _ in new}
    entries += _move_on(
        shop_id, [row[:5] for row in rows if row[0] not in fresh], targets, who, now
    )
    activity.log(shop_id=shop_id, entries=entries, now=now)
    return {
        cart_id: OpenDeal(
            deal_id,
            AgentName(agent_id, email, name) if agent_id is not None else None,
            deal_id in fresh,
        )
        for deal_id, cart_id, agent_id, _, _, email, name in rows
    }


def _insert(
    shop_id: int,
    wanted: Sequence[Wanted],
    targets: Mapping[UUID, StagePlace],
    members_of: MembersOf,
    now: datetime,
) -> list[tuple[UUID, UUID]]:
    prospects = [Prospect(one.contact_id, one.country, one.value) for one in wanted]
    agents = agents_for(shop_id=shop_id, prospects=prospects, members_of=members_of, now=now)
    found = [agents.get(one.contact_id) for one in wanted]
    rows = run(
        "open_deals",
        shop_id=shop_id,
        now=now,
        ids=[new_id(now) for _ in wanted],
        cart_ids=[one.cart_id for one in wanted],
        contact_ids=[one.contact_id for one in wanted],
        agent_ids=[agent and agent.id for agent in found],
        stage_ids=[targets[one.cart_id].id for one in wanted],
        values_minor=[one.value.minor for one in wanted],
        currencies=[one.value.currency for one in wanted],
    )
    return [(deal_id, cart_id) for deal_id, cart_id in rows]


def _opening(deal_id: UUID, one: Wanted, stage: StagePlace, who: str, now: datetime) -> Entry:
    note = "" if one.stage == stage.key else f"There is no open stage {one.stage!r}."
    return Entry(deal_id, "opened", who, now, to_stage=stage.key, note=note)


def _move_on(
    shop_id: int,
    standing: Sequence[tuple[UUID, UUID, UUID | None, str, int]],
    targets: Mapping[UUID, StagePlace],
    who: str,
    now: datetime,
) -> list[Entry]:
    """Move deals on to where a later step wants them; returns what is to be logged."""
    moves = [
        (deal_id, key, targets[cart_id])
        for deal_id, cart_id, _, key, position in standing
        if moves_forward(position, targets[cart_id])
    ]
    if moves:
        run(
            "move_deals",
            shop_id=shop_id,
            ids=[deal_id for deal_id, _, _ in moves],
            stage_ids=[stage.id for _, _, stage in moves],
        )
    return [
        Entry(deal_id, "moved", who, now, from_stage=key, to_stage=stage.key)
        for deal_id, key, stage in moves
    ]
