"""What only some due messages need to know: looked up for a whole hand-over, and only if one of them asks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from ripresa.contracts.reasons import Reason
from ripresa.domain.campaigns import queries as campaigns
from ripresa.domain.deals.queries import DealHold, holds_of
from ripresa.domain.scenarios.cart_facts import Asked, facts_of_carts, told
from ripresa.domain.scenarios.conditions import refusal_of
from ripresa.domain.scenarios.holdout import Draw, draw
from ripresa.domain.scenarios.plans_in_force import contenders
from ripresa.domain.scenarios.sending.due_messages import DueMessage
from ripresa.domain.scenarios.sending.notices import pending_notices
from ripresa.domain.segments.queries import who_of
from ripresa.usecases.sending.turns import Turn


class Condition(NamedTuple):
    """How the condition of a step came out, and on which facts."""

    refusal: Reason | None
    facts: Mapping[str, Any]


@dataclass(slots=True)
class ExtraFacts:
    """`notices`: those that have not left, see `pending_notices`. `only_if` is by message.

    `left_alone`: why a message by hand or of a campaign must not go, by message.
    """

    notices: dict[tuple[UUID, int], datetime | None] = field(default_factory=dict)
    holds: dict[UUID, DealHold] = field(default_factory=dict)
    only_if: dict[UUID, Condition] = field(default_factory=dict)
    left_alone: Mapping[UUID, Reason] = field(default_factory=dict)

    def waiting(self, turns: Sequence[Turn]) -> frozenset[UUID]:
        """The messages that are due in name only: the notice from which they count has not left."""
        if not self.notices:
            return frozenset()
        return frozenset(turn.message.id for turn in turns if self.notice_of(turn) is not None)

    def notice_of(self, turn: Turn) -> tuple[UUID, int] | None:
        """The notice from which a message counts, if it has not left."""
        number = turn.course.notices[turn.message.step_number - 1]
        if number is None or (turn.message.origin_id, number) not in self.notices:
            return None
        return (turn.message.origin_id, number)


def look_up(*, shop_id: int, turns: Sequence[Turn], now: datetime) -> ExtraFacts:
    """All that some of `turns` need; their people are locked."""
    asking = [turn for turn in turns if turn.step.only_if is not None]
    listening = _carts([turn.message for turn in turns if turn.course.listens])
    after_notices = {turn.message.origin_id for turn in turns if any(turn.course.notices)}
    apart = [turn for turn in turns if not turn.message.is_of_recovery]
    if not (asking or listening or after_notices or apart):
        return ExtraFacts()
    facts = facts_of_carts(
        shop_id=shop_id,
        asked=[
            Asked(turn.message.id, turn.message.cart_id, turn.message.contact_id, turn.course.plan)
            for turn in asking
        ],
        now=now,
    )
    return ExtraFacts(
        notices=pending_notices(shop_id=shop_id, recovery_ids=sorted(after_notices)),
        holds=holds_of(shop_id=shop_id, cart_ids=listening, now=now),
        only_if={
            turn.message.id: Condition(
                refusal_of(turn.step.only_if, facts[turn.message.id]),
                told(facts[turn.message.id], turn.course.plan),
            )
            for turn in asking
        },
        left_alone=_left_alone(shop_id, apart, now),
    )


def _left_alone(shop_id: int, turns: Sequence[Turn], now: datetime) -> dict[UUID, Reason]:
    """Who is not to be written to outside a scenario: see the parts."""
    reasons = _strangers(shop_id, [turn for turn in turns if turn.message.is_of_campaign], now)
    reasons |= _held_out(shop_id, [turn for turn in turns if turn.message.is_reminder], now)
    crawlers = [turn for turn in turns if turn.course.by_hand and turn.course.by_hand.is_bot]
    return reasons | {turn.message.id: Reason.BOT for turn in crawlers}


def _strangers(shop_id: int, turns: Sequence[Turn], now: datetime) -> dict[UUID, Reason]:
    """Who is no longer in the audience of the campaign that took her: it is asked once more (CMP-1)."""
    people: dict[UUID, list[Turn]] = defaultdict(list)
    for turn in turns:
        people[turn.message.scenario_id].append(turn)
    if not people:
        return {}
    audiences = campaigns.audiences_of(shop_id, list(people))
    strangers: dict[UUID, Reason] = {}
    for campaign_id, some in people.items():
        wanted = sorted({turn.message.contact_id for turn in some})
        members = who_of(shop_id, audiences[campaign_id], wanted, now=now)
        for turn in some:
            message = turn.message
            is_thanked_for = message.branch != "thank_you" or message.cart_state == "recovered"
            if message.contact_id not in members or not is_thanked_for:
                strangers[message.id] = Reason.AUDIENCE
    return strangers


def _held_out(shop_id: int, turns: Sequence[Turn], now: datetime) -> dict[UUID, Reason]:
    """Whom a scenario holds out is not reminded of her cart in another way (SCN-14).

    Who has no lot in a scenario yet is drawn now: once she was written to, it would be too late.
    """
    if not turns:
        return {}
    people = {turn.message.contact_id for turn in turns}
    lots = draw(
        shop_id=shop_id,
        draws=[
            Draw(one.scenario_id, one.plan.name, contact_id, one.plan.holdout)
            for one in contenders(shop_id)
            if one.plan.holdout
            for contact_id in sorted(people)
        ],
        now=now,
    )
    held_out = {contact_id for (_, contact_id), is_held_out in lots.items() if is_held_out}
    return {
        turn.message.id: Reason.HOLDOUT for turn in turns if turn.message.contact_id in held_out
    }


def _carts(messages: Sequence[DueMessage]) -> list[UUID]:
    return sorted({message.cart_id for message in messages})
