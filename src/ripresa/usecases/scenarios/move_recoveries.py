"""Move the recoveries under way to the newest version of their scenario, on purpose (SCN-12).

Without this, each finishes on the version on which it began.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.domain.attribution import stale
from ripresa.domain.messages import operations as outbox
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.scenarios.moving import SENDING, Move, Place, Standing, move
from ripresa.domain.scenarios.operations import OpenRun, PlannedStep
from ripresa.domain.scenarios.plan import Branch, Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.rules import take_up_at

PAGE = 500


@dataclass(slots=True)
class Moved:
    """What was moved: recoveries, and the messages planned anew, added, or cancelled `by_hand`.

    `left_alone`: recoveries of which a message was just being sent; ask again for them.
    """

    recoveries: int = 0
    left_alone: int = 0
    replanned: int = 0
    added: int = 0
    cancelled: int = 0

    def count(self, changes: list[Move]) -> None:
        """Add what became of some recoveries' messages."""
        self.replanned += sum(len(one.replanned) for one in changes)
        self.added += sum(len(one.added) for one in changes)
        self.cancelled += sum(len(one.gone) for one in changes)


def move_recoveries(*, shop_id: int, scenario_id: UUID, now: datetime) -> Moved:
    """Move all recoveries on earlier versions. Raises Scenario.DoesNotExist.

    What was decided stays; what is planned is planned anew by the id of its step, and cancelled where
    the newest version has no such step.
    """
    scenario = Scenario.objects.get(shop_id=shop_id, id=scenario_id)
    moved = Moved()
    after: UUID | None = None
    while (page_end := _move_page(scenario, after, now, moved)) is not None:
        after = page_end
    return moved


@transaction.atomic
def _move_page(scenario: Scenario, after: UUID | None, now: datetime, moved: Moved) -> UUID | None:
    """Move the next recoveries; returns where to go on."""
    shop_id = scenario.shop_id
    page = operations.lock_open_runs(
        shop_id=shop_id, scenario_id=scenario.id, after=after, limit=PAGE
    )
    if page is None:
        return None
    plan = plan_of(shop_id, scenario.version_id)
    older = [one for one in page.runs if one.version_id != scenario.version_id]
    messages = _messages(shop_id, older)
    # What is being sent may come back to be tried again: by the version that it was claimed on.
    idle = [one for one in older if not any(m.state == SENDING for m in messages[one.recovery_id])]
    branches = {one.recovery_id: _branch(shop_id, one, plan) for one in idle}
    moves = [
        (one, _move(one, messages[one.recovery_id], branches[one.recovery_id], now))
        for one in idle
        if one.taken_up_at is not None
    ]
    # One whose branch is gone ends where it is.
    movable = [one for one in idle if one.branch is None or branches[one.recovery_id] is not None]
    operations.run(
        "move_runs",
        shop_id=shop_id,
        version_id=scenario.version_id,
        ids=[one.recovery_id for one in movable],
        due_ats=[_due_at(one, plan, now) for one in movable],
        branches=[_name(branches[one.recovery_id]) for one in movable],
    )
    _write(shop_id, moves, now)
    # What left before messages noted their version counts for the one that the recovery is on.
    stale.mark(shop_id=shop_id, now=now, contact_ids=[one.contact_id for one in movable])
    moved.recoveries += len(movable)
    moved.left_alone += len(older) - len(idle)
    moved.count([change for _, change in moves])
    return page.after


def _messages(shop_id: int, older: list[OpenRun]) -> Mapping[UUID, list[Standing]]:
    """The messages of each recovery."""
    messages: dict[UUID, list[Standing]] = defaultdict(list)
    for recovery_id, *message in operations.run(
        "messages_of_runs", shop_id=shop_id, ids=[one.recovery_id for one in older]
    ):
        messages[recovery_id].append(Standing(*message))
    return messages


def _move(one: OpenRun, messages: list[Standing], branch: Branch | None, now: datetime) -> Move:
    taken_up_at = one.taken_up_at or now
    return move(messages, branch, left_at=one.left_at, taken_up_at=taken_up_at, now=now)


def _name(branch: Branch | None) -> str | None:
    return None if branch is None else branch.name


def _branch(shop_id: int, one: OpenRun, plan: Plan) -> Branch | None:
    """Her branch in the new version, in the arm that she is in; None: there is none of its name."""
    if one.branch is None:
        return None
    present = plan_of(shop_id, one.version_id).branch_named(one.branch)
    return plan.branch_in(present.base, present.arm)


def _due_at(one: OpenRun, plan: Plan, now: datetime) -> datetime | None:
    """When a recovery that still waits is taken up: not before now, it was not late so far."""
    if one.due_at is None:
        return None
    due_at = take_up_at(
        left_at=one.left_at,
        abandoned_at=one.abandoned_at,
        reachable_at=one.reachable_at,
        idle=plan.idle,
    )
    return due_at if due_at == one.due_at else max(due_at, now)


def _write(shop_id: int, moves: list[tuple[OpenRun, Move]], now: datetime) -> None:
    _replan(shop_id, [one for _, one in moves])
    operations.plan_messages(
        shop_id=shop_id,
        steps=[_added(recovery, place) for recovery, one in moves for place in one.added],
        now=now,
    )
    outbox.settle_planned(
        shop_id=shop_id,
        verdicts=[
            outbox.cancelled(message_id, Reason.BY_HAND)
            for _, one in moves
            for message_id in one.gone
        ],
        now=now,
    )
    operations.finish_runs(
        shop_id=shop_id, recovery_ids=[recovery.recovery_id for recovery, _ in moves], now=now
    )


def _replan(shop_id: int, changes: list[Move]) -> None:
    replanned = [pair for one in changes for pair in one.replanned]
    operations.run(
        "replan_messages",
        shop_id=shop_id,
        ids=[message_id for message_id, _ in replanned],
        step_numbers=[place.step_number for _, place in replanned],
        templates=[place.template for _, place in replanned],
        planned_fors=[place.planned_for for _, place in replanned],
    )
    renumbered = [pair for one in changes for pair in one.renumbered]
    operations.run(
        "renumber_messages",
        shop_id=shop_id,
        ids=[message_id for message_id, _ in renumbered],
        step_numbers=[number for _, number in renumbered],
    )


def _added(recovery: OpenRun, place: Place) -> PlannedStep:
    return PlannedStep(
        recovery_id=recovery.recovery_id,
        step=place.step,
        step_number=place.step_number,
        channel=place.channel,
        contact_id=recovery.contact_id,
        cart_id=recovery.cart_id,
        template=place.template,
        planned_for=place.planned_for,
    )
