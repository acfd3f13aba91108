"""Scenarios go live, pause and resume; only the first going live sets the watermark (CAP-8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.messages import operations as outbox
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.scenarios.operations import NewRun
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.rules import take_up_at
from ripresa.domain.shops.features import Feature
from ripresa.domain.shops.models import Shop
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.approvals import asking, matters
from ripresa.usecases.audiences import Crowd, Leaving, look_at
from ripresa.usecases.shops import features

PAGE = 5000
# No worker is at carts of a later instant while a scenario goes live.
STRADDLE = timedelta(minutes=5)
_NOTHING = UUID(int=0)


class NotPossible(Exception):
    """The scenario is not in a state for this; the message says in which it is."""


class SwitchedOff(NotPossible):
    """It needs something that is switched off for the shop; the message names it."""


class NotApproved(NotPossible):
    """The shop wants a second person's word first, and there is none for this version."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a scenario would reach that left a cart before it went live."""

    carts: int
    people: int


@dataclass(frozen=True, slots=True)
class Activated:
    """What became of the carts that were abandoned already, or just then: taken along, or left alone."""

    taken_along: int
    left_alone: int


class _Existing(NamedTuple):
    """A cart that was abandoned before the scenario went live."""

    cart_id: UUID
    contact_id: UUID
    left_at: datetime
    abandoned_at: datetime
    reachable_at: datetime | None
    is_taken: bool
    is_shopper: bool

    @property
    def leaving(self) -> Leaving:
        """Who left it, when."""
        return Leaving(self.cart_id, self.contact_id, self.abandoned_at)


def count_existing(*, shop_id: int, scenario_id: UUID, now: datetime) -> Reach:
    """How many would be written to if what is abandoned already were taken along: shown first."""
    scenario = Scenario.objects.get(shop_id=shop_id, id=scenario_id)
    plan = plan_of(shop_id, scenario.version_id)
    people: set[UUID] = set()
    carts = 0
    for page, crowd in _existing(scenario, plan, now):
        reached = [
            one.contact_id
            for one in page
            if one.is_shopper and not one.is_taken and crowd.fits(plan.audience, one.leaving)
        ]
        carts += len(reached)
        people.update(reached)
    return Reach(carts, len(people))


def activate(
    *, shop_id: int, scenario_id: UUID, now: datetime, include_existing: bool = False
) -> Activated:
    """Let a draft go live. Raises NotPossible.

    Carts abandoned before get nothing, and a decision that says so, unless `include_existing`.
    """
    # What is due is abandoned first: the watermark lies between before and after.
    while advance_carts(shop_id=shop_id, now=now):
        pass
    with transaction.atomic():
        scenario = lock_scenario(shop_id, scenario_id, "draft")
        _require_features(scenario)
        _require_approval(scenario)
        _change(scenario, state="live", activated_at=now)
        tell_of(scenario, Action.WENT_LIVE, now, include_existing=include_existing)
        done = _begin_for_existing(scenario, now, include_existing=include_existing)
    # Workers who began before that was committed still took it for a draft.
    operations.run("wait_for_abandoning", shop_id=shop_id, until=now + STRADDLE)
    with transaction.atomic():
        missed = _begin_for_existing(scenario, now, include_existing=include_existing)
    return Activated(done.taken_along + missed.taken_along, done.left_alone + missed.left_alone)


def _begin_for_existing(scenario: Scenario, now: datetime, *, include_existing: bool) -> Activated:
    """Begin a recovery, or say why there is none, for each abandoned cart that has neither."""
    plan = plan_of(scenario.shop_id, scenario.version_id)
    taken, left = 0, 0
    for page, crowd in _existing(scenario, plan, now):
        runs = [
            _run(scenario, plan, one, crowd, now, include_existing=include_existing) for one in page
        ]
        operations.begin(shop_id=scenario.shop_id, runs=runs, now=now)
        taken += sum(one.reason is None for one in runs)
        left += sum(one.reason is not None for one in runs)
    return Activated(taken, left)


def pause(*, shop_id: int, scenario_id: UUID, why: str, now: datetime) -> None:
    """Hold back all messages of a live scenario; nothing planned is lost. Raises NotPossible."""
    with transaction.atomic():
        scenario = lock_scenario(shop_id, scenario_id, "live")
        _change(scenario, state="paused", paused_reason=why)
        tell_of(scenario, Action.PAUSED, now, why=why)


def resume(*, shop_id: int, scenario_id: UUID, now: datetime) -> None:
    """Let a paused scenario go on: what is still due goes out at once. Raises NotPossible."""
    with transaction.atomic():
        scenario = lock_scenario(shop_id, scenario_id, "paused")
        _change(scenario, state="live", paused_reason="")
        tell_of(scenario, Action.RESUMED, now)
        outbox.release_held(shop_id=shop_id, now=now)


def lock_scenario(shop_id: int, scenario_id: UUID, *states: str) -> Scenario:
    """Lock a scenario that is in one of `states`. Raises NotPossible."""
    scenario = Scenario.objects.select_for_update().get(shop_id=shop_id, id=scenario_id)
    if scenario.state not in states:
        raise NotPossible(
            f"scenario {scenario.name!r} is {scenario.state}, not {' or '.join(states)}"
        )
    return scenario


def _require_features(scenario: Scenario) -> None:
    shop = Shop.objects.get(id=scenario.shop_id)
    plan = plan_of(scenario.shop_id, scenario.version_id)
    try:
        features.require_features(shop, plan, [Feature.SCENARIOS])
    except features.SwitchedOff as lacking:
        raise SwitchedOff(str(lacking)) from None


def _require_approval(scenario: Scenario) -> None:
    try:
        asking.require(Shop.objects.get(id=scenario.shop_id), matters.of_scenario(scenario))
    except asking.NeedsApproval as needed:
        raise NotApproved(str(needed)) from None


def tell_of(scenario: Scenario, action: Action, now: datetime, **after: object) -> None:
    """Keep in the audit log what was done to a scenario."""
    subject = Subject(About.SCENARIO, scenario.id, scenario.name)
    write_down(shop_id=scenario.shop_id, action=action, subject=subject, after=after, now=now)


def _change(scenario: Scenario, **values: object) -> None:
    Scenario.objects.filter(shop_id=scenario.shop_id, id=scenario.id).update(**values)


def _kinds(plan: Plan) -> list[str]:
    return [kind for kind in ("cart", "checkout") if plan.wants(kind)]


def _existing(
    scenario: Scenario, plan: Plan, now: datetime
) -> Iterator[tuple[list[_Existing], Crowd]]:
    """What is abandoned already, by pages, with what the audience asks about it."""
    after = _NOTHING
    while rows := operations.run(
        "carts_left_before",
        shop_id=scenario.shop_id,
        scenario_id=scenario.id,
        kinds=_kinds(plan),
        after=after,
        limit=PAGE,
    ):
        page = [_Existing(*row) for row in rows]
        after = page[-1].cart_id
        crowd = look_at(
            shop_id=scenario.shop_id,
            audiences=[plan.audience],
            leaving=[one.leaving for one in page],
            now=now,
        )
        yield page, crowd


def _run(
    scenario: Scenario,
    plan: Plan,
    one: _Existing,
    crowd: Crowd,
    now: datetime,
    *,
    include_existing: bool,
) -> NewRun:
    """What becomes of an abandoned cart; what another scenario has stays there."""
    reason, facts = None, {}
    if not include_existing and one.abandoned_at <= now:
        reason, facts = Reason.BEFORE_ACTIVATION, {"activated_at": now.isoformat()}
    elif not crowd.fits(plan.audience, one.leaving):
        reason, facts = Reason.AUDIENCE, crowd.told(plan.audience, one.leaving)
    elif one.is_taken:
        reason = Reason.LOWER_PRIORITY
    due_at = take_up_at(
        left_at=one.left_at,
        abandoned_at=one.abandoned_at,
        reachable_at=one.reachable_at,
        idle=plan.idle,
    )
    return NewRun(
        scenario.id,
        scenario.version_id,
        one.cart_id,
        one.contact_id,
        one.left_at,
        one.abandoned_at,
        # Planned from today: from its own day, an old cart would be stale at once.
        None if reason else max(due_at, now),
        reason,
        facts,
    )
