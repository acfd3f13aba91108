"""What only some due messages need to know: looked up for a whole hand-over, and only if one of them asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from ripresa.contracts.reasons import Reason
from ripresa.domain.deals.queries import DealHold, holds_of
from ripresa.domain.scenarios.cart_facts import Asked, facts_of_carts, told
from ripresa.domain.scenarios.conditions import refusal_of
from ripresa.domain.scenarios.sending.due_messages import DueMessage
from ripresa.domain.scenarios.sending.notices import pending_notices
from ripresa.usecases.sending.turns import Turn


class Condition(NamedTuple):
    """How the condition of a step came out, and on which facts."""

    refusal: Reason | None
    facts: Mapping[str, Any]


@dataclass(slots=True)
class ExtraFacts:
    """`notices`: those that have not left, see `pending_notices`. `only_if` is by message."""

    notices: dict[tuple[UUID, int], datetime | None] = field(default_factory=dict)
    holds: dict[UUID, DealHold] = field(default_factory=dict)
    only_if: dict[UUID, Condition] = field(default_factory=dict)

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
    if not (asking or listening or after_notices):
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
    )


def _carts(messages: Sequence[DueMessage]) -> list[UUID]:
    return sorted({message.cart_id for message in messages})
