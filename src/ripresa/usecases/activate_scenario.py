"""Scenarios go live, pause and resume; only the first going live sets the watermark (CAP-8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.domain.messages import operations as outbox
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.scenarios.operations import NewRun
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.rules import take_up_at
from ripresa.usecases.advance_carts import advance_carts

PAGE = 5000
_NOTHING = UUID(int=0)


class NotPossible(Exception):
    """The scenario is not in a state for this; the message says in which it is."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a scenario would reach that left a cart before it went live."""

    carts: int
    people: int


@dataclass(frozen=True, slots=True)
class Activated:
    """What became of the carts that were abandoned already: taken along, or left alone."""

    taken_along: int
    left_alone: int


def count_existing(*, shop_id: int, scenario_id: UUID) -> Reach:
    """How many would be written to if what is abandoned already were taken along: shown first."""
    scenario = Scenario.objects.get(shop_id=shop_id, id=scenario_id)
    kinds = _kinds(plan_of(shop_id, scenario.version_id))
    rows = operations.run(
        "count_carts_left_before", shop_id=shop_id, scenario_id=scenario_id, kinds=kinds
    )
    return Reach(*rows[0])


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
        scenario = _lock(shop_id, scenario_id, "draft")
        _change(scenario, state="live", activated_at=now)
        plan = plan_of(shop_id, scenario.version_id)
        counts = {None: 0, Reason.BEFORE_ACTIVATION: 0, Reason.LOWER_PRIORITY: 0}
        for page in _runs_for_existing(scenario, plan, now, include_existing=include_existing):
            operations.begin(shop_id=shop_id, runs=page, now=now)
            for one in page:
                counts[one.reason] += 1
    return Activated(counts.pop(None), sum(counts.values()))


def pause(*, shop_id: int, scenario_id: UUID, why: str) -> None:
    """Hold back all messages of a live scenario; nothing planned is lost. Raises NotPossible."""
    with transaction.atomic():
        _change(_lock(shop_id, scenario_id, "live"), state="paused", paused_reason=why)


def resume(*, shop_id: int, scenario_id: UUID, now: datetime) -> None:
    """Let a paused scenario go on: what is still due goes out at once. Raises NotPossible."""
    with transaction.atomic():
        _change(_lock(shop_id, scenario_id, "paused"), state="live", paused_reason="")
        outbox.release_held(shop_id=shop_id, now=now)


def _lock(shop_id: int, scenario_id: UUID, state: str) -> Scenario:
    scenario = Scenario.objects.select_for_update().get(shop_id=shop_id, id=scenario_id)
    if scenario.state != state:
        raise NotPossible(f"scenario {scenario.name!r} is {scenario.state}, not {state}")
    return scenario


def _change(scenario: Scenario, **values: object) -> None:
    Scenario.objects.filter(shop_id=scenario.shop_id, id=scenario.id).update(**values)


def _kinds(plan: Plan) -> list[str]:
    return [kind for kind in ("cart", "checkout") if plan.wants(kind)]


def _runs_for_existing(
    scenario: Scenario, plan: Plan, now: datetime, *, include_existing: bool
) -> Iterator[list[NewRun]]:
    """Runs for what is abandoned already, by pages; what another scenario has stays there."""
    after = _NOTHING
    while rows := operations.run(
        "carts_left_before",
        shop_id=scenario.shop_id,
        scenario_id=scenario.id,
        kinds=_kinds(plan),
        after=after,
        limit=PAGE,
    ):
        after = rows[-1][0]
        page = []
        for cart_id, contact_id, _, left_at, abandoned_at, reachable_at, is_taken in rows:
            reason = Reason.LOWER_PRIORITY if is_taken else None
            if not include_existing:
                reason = Reason.BEFORE_ACTIVATION
            due_at = take_up_at(
                left_at=left_at,
                abandoned_at=abandoned_at,
                reachable_at=reachable_at,
                idle=plan.idle,
            )
            page.append(
                NewRun(
                    scenario.id,
                    scenario.version_id,
                    cart_id,
                    contact_id,
                    left_at,
                    abandoned_at,
                    # Planned from today: from its own day, an old cart would be stale at once.
                    None if reason else max(due_at, now),
                    reason,
                )
            )
        yield page
