"""Take recoveries up: the scenario's own idle time has passed, so all its messages are planned.

Planned from the instant that was due, not from when a worker came to it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.cart_facts import Asked, facts_of_carts, has_conditions, told
from ripresa.domain.scenarios.conditions import CartFacts, choose_branch
from ripresa.domain.scenarios.holdout import Draw, draw
from ripresa.domain.scenarios.operations import PlannedStep, TakingUp
from ripresa.domain.scenarios.plan import WHOLE_SHARE, Branch, Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.rules import Rival, cart_end, plan_steps, superseded
from ripresa.domain.scenarios.trial.arms import Lot, draw_arms

BATCH = 500


class _DueRun(NamedTuple):
    id: UUID
    scenario_id: UUID
    version_id: UUID
    cart_id: UUID
    contact_id: UUID
    left_at: datetime
    abandoned_at: datetime
    due_at: datetime
    token: str
    cart_state: str
    cart_left_at: datetime
    is_bot: bool
    user_agent: str | None
    scenario_state: str

    @property
    def seat(self) -> tuple[UUID, UUID]:
        """A person is in one recovery of a scenario at a time."""
        return (self.scenario_id, self.contact_id)


@transaction.atomic
def take_up_recoveries(*, shop_id: int, now: datetime, limit: int = BATCH) -> int:
    """Take up to `limit` due recoveries of a shop up; returns how many were due."""
    people = operations.run("lock_people_of_due_recoveries", shop_id=shop_id, now=now, limit=limit)
    contact_ids = sorted({contact_id for (contact_id,) in people})
    if not contact_ids:
        return 0
    # Read after the lock: a recovery that the fold has just ended is not due any more.
    rows = operations.run("due_recoveries", shop_id=shop_id, now=now, contact_ids=contact_ids)
    due = [_DueRun(*row) for row in rows]
    plans = {one.version_id: plan_of(shop_id, one.version_id) for one in due}
    takings = _verdicts(shop_id, due, plans, now)
    begun = {
        one.id: (one, plans[one.version_id].branch_named(taking.branch))
        for one, taking in zip(due, takings, strict=True)
        if taking.branch is not None
    }
    lost = _make_way(shop_id, [one for one, _ in begun.values()], plans, now)
    operations.take_up(
        shop_id=shop_id,
        takings=[
            taking._replace(state="cancelled", reason=Reason.SUPERSEDED)
            if taking.recovery_id in lost
            else taking
            for taking in takings
        ],
        now=now,
    )
    operations.plan_messages(
        shop_id=shop_id,
        steps=[
            step
            for one, branch in begun.values()
            for step in _steps(one, branch, Reason.SUPERSEDED if one.id in lost else None)
        ],
        now=now,
    )
    return len(due)


def _verdicts(
    shop_id: int, due: Sequence[_DueRun], plans: Mapping[UUID, Plan], now: datetime
) -> list[TakingUp]:
    """What becomes of each due recovery by itself, before it meets its rivals; in the order of `due`.

    First what needs no question, then the hold-out of those left, then the branch of those left then, and
    of those who take one their arm of a test.
    """
    found = {one.id: taking for one in due if (taking := _end_of(one)) is not None}
    left = [one for one in due if one.id not in found]
    found |= _held_out(shop_id, left, plans, now)
    left = [one for one in left if one.id not in found]
    facts = facts_of_carts(
        shop_id=shop_id,
        asked=[
            Asked(one.id, one.cart_id, one.contact_id, plans[one.version_id])
            for one in left
            if has_conditions(plans[one.version_id])
        ],
        now=now,
    )
    found |= {one.id: _branch_of(one, plans[one.version_id], facts.get(one.id)) for one in left}
    begun = [one for one in left if found[one.id].branch is not None]
    found |= _in_their_arms(shop_id, begun, found, plans, now)
    return [found[one.id] for one in due]


def _end_of(one: _DueRun) -> TakingUp | None:
    """Why nothing comes of it, whatever its plan says."""
    if (reason := cart_end(one.cart_state, one.cart_left_at, one.left_at)) is not None:
        return TakingUp(one.id, "cancelled", reason, None)
    if one.scenario_state == "ended":
        return TakingUp(one.id, "cancelled", Reason.SCENARIO_ENDED, None)
    if one.is_bot:
        return TakingUp(one.id, "skipped", Reason.BOT, None, {"user_agent": one.user_agent})
    return None


def _held_out(
    shop_id: int, left: Sequence[_DueRun], plans: Mapping[UUID, Plan], now: datetime
) -> dict[UUID, TakingUp]:
    """Those of whom the scenario keeps silent, to see who comes by herself."""
    lots = draw(
        shop_id=shop_id,
        draws=[
            Draw(one.scenario_id, plan.name, one.contact_id, plan.holdout)
            for one in left
            if (plan := plans[one.version_id]).holdout
        ],
        now=now,
    )
    return {
        one.id: TakingUp(
            one.id,
            "skipped",
            Reason.HOLDOUT,
            None,
            {"share": plans[one.version_id].holdout / WHOLE_SHARE},
        )
        for one in left
        if lots.get(one.seat)
    }


def _branch_of(one: _DueRun, plan: Plan, facts: CartFacts | None) -> TakingUp:
    """The first branch that is true; no facts: none of them asks for any."""
    chosen = plan.branches[0] if facts is None else choose_branch(plan.branches, facts)
    if isinstance(chosen, Branch):
        return TakingUp(one.id, "active", None, chosen.name)
    return TakingUp(one.id, "skipped", chosen, None, {} if facts is None else told(facts, plan))


def _in_their_arms(
    shop_id: int,
    begun: Sequence[_DueRun],
    found: Mapping[UUID, TakingUp],
    plans: Mapping[UUID, Plan],
    now: datetime,
) -> dict[UUID, TakingUp]:
    """Those who are in a test, each with her branch as her arm has it."""
    lots = draw_arms(
        shop_id=shop_id,
        lots=[
            Lot(one.scenario_id, plan.name, one.contact_id, plan.test)
            for one in begun
            if (plan := plans[one.version_id]).test is not None
        ],
        now=now,
    )
    turned = {}
    for one in begun:
        plan = plans[one.version_id]
        if plan.test is not None:
            taken = plan.branch_named(found[one.id].branch or "")
            branch = plan.branch_in(taken.base, lots[one.seat])
            turned[one.id] = found[one.id]._replace(branch=branch.name if branch else taken.name)
    return turned


def _make_way(
    shop_id: int, begun: Sequence[_DueRun], plans: Mapping[UUID, Plan], now: datetime
) -> frozenset[UUID]:
    """Cancel the plans that a newer cart of the same person supersedes.

    Returns those of `begun` that are themselves superseded: they are planned and cancelled at once,
    so that their trail tells it step by step.
    """
    seats: dict[tuple[UUID, UUID], list[Rival]] = defaultdict(list)
    for one in begun:
        if plans[one.version_id].on_second_cart == "newest":
            seats[one.seat].append(Rival(one.id, one.abandoned_at, one.token))
    if not seats:
        return frozenset()
    planned: dict[UUID, list[UUID | None]] = defaultdict(list)
    for row in operations.run(
        "active_runs_of_people",
        shop_id=shop_id,
        contact_ids=sorted({contact_id for _, contact_id in seats}),
        scenario_ids=sorted({scenario_id for scenario_id, _ in seats}),
    ):
        recovery_id, scenario_id, contact_id, abandoned_at, token, message_id = row
        if (scenario_id, contact_id) in seats:
            if recovery_id not in planned:
                rival = Rival(recovery_id, abandoned_at, token)
                seats[scenario_id, contact_id].append(rival)
            planned[recovery_id].append(message_id)
    lost = frozenset[UUID]().union(*(superseded(rivals) for rivals in seats.values()))
    operations.cancel_runs(
        shop_id=shop_id,
        runs=[
            (recovery_id, message_id, Reason.SUPERSEDED)
            for recovery_id, message_ids in planned.items()
            for message_id in message_ids
            if recovery_id in lost
        ],
        now=now,
    )
    return lost


def _steps(one: _DueRun, branch: Branch, reason: Reason | None) -> list[PlannedStep]:
    instants = plan_steps(branch.steps, left_at=one.left_at, taken_up_at=one.due_at)
    return [
        PlannedStep(
            recovery_id=one.id,
            step=step.id,
            step_number=number,
            channel=channel,
            contact_id=one.contact_id,
            cart_id=one.cart_id,
            template=step.template,
            planned_for=planned_for,
            reason=reason,
        )
        for number, (step, planned_for) in enumerate(
            zip(branch.steps, instants, strict=True), start=1
        )
        for channel in step.channels
    ]
