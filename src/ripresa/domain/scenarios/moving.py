"""What becomes of a recovery's messages when it moves to another version of its scenario (SCN-12). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ripresa.domain.scenarios.plan import Branch
from ripresa.domain.scenarios.rules import plan_steps

PLANNED = "planned"
SENDING = "sending"


class Standing(NamedTuple):
    """A message of the recovery as it stands. `handed_over_at` is set if it left, or may have."""

    message_id: UUID
    step: str
    step_number: int
    channel: str
    state: str
    handed_over_at: datetime | None


class Place(NamedTuple):
    """A message's place in the new version."""

    step: str
    step_number: int
    channel: str
    template: str
    planned_for: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """What changes: messages planned anew, messages that are new, messages whose step is gone.

    `renumbered`: what was decided already, with the number of its step from now on.
    """

    replanned: Sequence[tuple[UUID, Place]] = ()
    added: Sequence[Place] = ()
    gone: Sequence[UUID] = ()
    renumbered: Sequence[tuple[UUID, int]] = ()


def move(
    messages: Sequence[Standing],
    branch: Branch | None,
    *,
    left_at: datetime,
    taken_up_at: datetime,
    now: datetime,
) -> Move:
    """How planned messages follow `branch`, the new version's of the same name; None: it has none.

    Steps keep their id. What was decided stays as it is; a step that is new is added unless a later one
    has left already.
    """
    planned = {(one.step, one.channel): one.message_id for one in messages if one.state == PLANNED}
    if branch is None:
        return Move(gone=tuple(planned.values()))
    places = _places(messages, branch, left_at=left_at, taken_up_at=taken_up_at, now=now)
    known = {(one.step, one.channel) for one in messages}
    left = {one.step for one in messages if one.handed_over_at is not None}
    latest = max((place.step_number for place in places if place.step in left), default=0)
    found = {(place.step, place.channel): place for place in places}
    return Move(
        [(planned[seat], place) for seat, place in found.items() if seat in planned],
        [
            place
            for seat, place in found.items()
            if seat not in known and place.step_number > latest
        ],
        [message_id for seat, message_id in planned.items() if seat not in found],
        _renumbered(messages, branch),
    )


def _renumbered(messages: Sequence[Standing], branch: Branch) -> list[tuple[UUID, int]]:
    """Caps and overtaking tell the steps of a recovery apart by number: what is decided gets its new one.

    A step that is gone comes before all others, by a number below zero of its own.
    """
    numbers = {step.id: number for number, step in enumerate(branch.steps, start=1)}
    decided = [one for one in messages if one.state != PLANNED]
    gone = sorted({one.step_number for one in decided if one.step not in numbers})
    below = {old: place - len(gone) for place, old in enumerate(gone)}
    return [
        (one.message_id, number)
        for one in decided
        if (number := numbers.get(one.step) or below[one.step_number]) != one.step_number
    ]


def _places(
    messages: Sequence[Standing],
    branch: Branch,
    *,
    left_at: datetime,
    taken_up_at: datetime,
    now: datetime,
) -> list[Place]:
    """Where the new version wants each message, as if it had been there from the beginning.

    Of the steps whose instant is over, the last one is planned for now: moved on purpose, it is not
    late. Those before it keep their instants, and so are overtaken by it.
    """
    notices = {step.id for step in branch.steps if step.is_notice}
    told = {
        one.step: one.handed_over_at
        for one in messages
        if one.step in notices and one.handed_over_at is not None
    }
    instants = plan_steps(branch.steps, left_at=left_at, taken_up_at=taken_up_at, told=told)
    over = max((number for number, at in enumerate(instants) if at < now), default=-1)
    return [
        Place(step.id, number + 1, channel, step.template, now if number == over else at)
        for number, (step, at) in enumerate(zip(branch.steps, instants, strict=True))
        for channel in step.channels
    ]
