"""Begin, end and finish recoveries. Whoever calls holds the locks of the contacts concerned."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from ripresa.contracts.reasons import Reason
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.contacts import locking
from ripresa.domain.messages import operations as messages
from ripresa.domain.webhooks.tellers.messages import Planned, tell_decisions, tell_planned
from ripresa.domain.webhooks.tellers.recoveries import tell_recoveries

run = partial(query.run, "ripresa.domain.scenarios")
run_often = partial(query.run_often, "ripresa.domain.scenarios")


class Ending(NamedTuple):
    """A cart that needs no reminder any more: ordered, closed, reopened, emptied or expired."""

    cart_id: UUID
    reason: str


class NewRun(NamedTuple):
    """A recovery to begin; with a reason, one that is skipped from the start, on those `facts`."""

    scenario_id: UUID
    version_id: UUID
    cart_id: UUID
    contact_id: UUID
    left_at: datetime
    abandoned_at: datetime
    due_at: datetime | None
    reason: Reason | None = None
    facts: Mapping[str, Any] = {}


class TakingUp(NamedTuple):
    """What becomes of a recovery at its taking up; `branch` is set if its messages get planned.

    `facts`: those on which it was skipped.
    """

    recovery_id: UUID
    state: str
    reason: Reason | None
    branch: str | None
    facts: Mapping[str, Any] = {}


class PlannedStep(NamedTuple):
    """A message to plan; with a reason, one whose plan is cancelled at once."""

    recovery_id: UUID
    step: str
    step_number: int
    channel: str
    contact_id: UUID
    cart_id: UUID
    template: str
    planned_for: datetime
    reason: Reason | None = None


class OpenRun(NamedTuple):
    """A recovery under way: waiting to be taken up at `due_at`, or active."""

    recovery_id: UUID
    version_id: UUID
    state: str
    branch: str | None
    cart_id: UUID
    contact_id: UUID
    left_at: datetime
    abandoned_at: datetime
    taken_up_at: datetime | None
    due_at: datetime | None
    reachable_at: datetime | None


class OpenPage(NamedTuple):
    """Some recoveries under way, their people locked; `after`: where the next page begins."""

    runs: list[OpenRun]
    after: UUID


def lock_open_runs(
    *, shop_id: int, scenario_id: UUID, after: UUID | None, limit: int
) -> OpenPage | None:
    """Lock the people of the next recoveries of a scenario, by cart; None: there are no more."""
    values = {"shop_id": shop_id, "scenario_id": scenario_id}
    while True:
        found = run("open_runs_of_scenario", **values, after=after or UUID(int=0), limit=limit)
        if not found:
            return None
        locking.lock(shop_id=shop_id, contact_ids=[contact_id for _, contact_id in found])
        locked = {contact_id for _, contact_id in found}
        cart_ids = [cart_id for cart_id, _ in found]
        runs = [OpenRun(*row) for row in run("open_runs_by_cart", **values, cart_ids=cart_ids)]
        # Somebody who was merged while we waited for her lock is locked under her new row.
        if all(one.contact_id in locked for one in runs):
            return OpenPage(runs, cart_ids[-1])


def end_recoveries(*, shop_id: int, endings: Sequence[Ending], now: datetime) -> None:
    """Cancel the recoveries under way for some carts and the messages planned for them.

    Each message gets its decision. What is being sent at this moment is not touched: whoever sends
    looks at the cart again before it departs.
    """
    if not endings:
        return
    reasons = dict(endings)
    rows = run("open_runs_of_carts", shop_id=shop_id, cart_ids=list(reasons))
    cancel_runs(
        shop_id=shop_id,
        runs=[
            (run_id, message_id, Reason(reasons[cart_id])) for run_id, cart_id, message_id in rows
        ],
        now=now,
    )


def cancel_runs(
    *, shop_id: int, runs: Iterable[tuple[UUID, UUID | None, Reason]], now: datetime
) -> None:
    """Cancel recoveries and their planned messages: rows of (recovery, message if any, reason)."""
    rows = list(runs)
    if not rows:
        return
    reasons = {run_id: reason for run_id, _, reason in rows}
    ended = run(
        "end_runs",
        shop_id=shop_id,
        ids=list(reasons),
        reasons=[reason.value for reason in reasons.values()],
        now=now,
    )
    messages.settle_planned(
        shop_id=shop_id,
        verdicts=[
            messages.cancelled(message_id, reason)
            for _, message_id, reason in rows
            if message_id is not None
        ],
        now=now,
    )
    tell_recoveries(shop_id=shop_id, ids=[run_id for (run_id,) in ended], now=now)


def cancel_channel(
    *, shop_id: int, contact_ids: Sequence[UUID], channel: str, reason: str, now: datetime
) -> None:
    """Cancel what is planned to some people in one channel, each message with its decision."""
    rows = messages.run(
        "planned_to_people", shop_id=shop_id, contact_ids=list(contact_ids), channel=channel
    )
    messages.settle_planned(
        shop_id=shop_id,
        verdicts=[messages.cancelled(message_id, Reason(reason)) for message_id, _ in rows],
        now=now,
    )
    finish_runs(shop_id=shop_id, recovery_ids=[origin_id for _, origin_id in rows], now=now)


def finish_runs(*, shop_id: int, recovery_ids: Iterable[UUID], now: datetime) -> None:
    """Call those of the recoveries done that have no message left to send."""
    ids = sorted(set(recovery_ids))
    if ids:
        over = run_often("finish_runs", shop_id=shop_id, ids=ids, now=now)
        tell_recoveries(shop_id=shop_id, ids=[run_id for (run_id,) in over], now=now)


def begin(*, shop_id: int, runs: Sequence[NewRun], now: datetime) -> int:
    """Add recoveries, waiting or skipped; returns how many there were not yet."""
    if not runs:
        return 0
    rows = run(
        "add_recoveries",
        shop_id=shop_id,
        now=now,
        ids=[new_id(now) for _ in runs],
        scenario_ids=[one.scenario_id for one in runs],
        version_ids=[one.version_id for one in runs],
        cart_ids=[one.cart_id for one in runs],
        contact_ids=[one.contact_id for one in runs],
        reasons=[one.reason and one.reason.value for one in runs],
        left_ats=[one.left_at for one in runs],
        abandoned_ats=[one.abandoned_at for one in runs],
        due_ats=[one.due_at for one in runs],
        decision_ids=[one.reason and new_id(now) for one in runs],
        facts=[_json(one.facts) for one in runs],
    )
    tell_recoveries(shop_id=shop_id, ids=[run_id for (run_id,) in rows], now=now)
    return len(rows)


def take_up(*, shop_id: int, takings: Sequence[TakingUp], now: datetime) -> None:
    """Move waiting recoveries on; a skipped one gets its decision, a cancelled one none."""
    taken = run(
        "take_up",
        shop_id=shop_id,
        now=now,
        ids=[one.recovery_id for one in takings],
        states=[one.state for one in takings],
        reasons=[one.reason and one.reason.value for one in takings],
        branches=[one.branch for one in takings],
        decision_ids=[new_id(now) if one.state == "skipped" else None for one in takings],
        facts=[_json(one.facts) for one in takings],
    )
    tell_recoveries(shop_id=shop_id, ids=[run_id for (run_id,) in taken], now=now)


def plan_messages(*, shop_id: int, steps: Sequence[PlannedStep], now: datetime) -> None:
    """Plan messages; those with a reason are cancelled from the start, each with its decision."""
    if not steps:
        return
    ids = [new_id(now) for _ in steps]
    decision_ids = [None if one.reason is None else new_id(now) for one in steps]
    run(
        "add_messages",
        shop_id=shop_id,
        now=now,
        ids=ids,
        origin_ids=[one.recovery_id for one in steps],
        steps=[one.step for one in steps],
        step_numbers=[one.step_number for one in steps],
        channels=[one.channel for one in steps],
        contact_ids=[one.contact_id for one in steps],
        cart_ids=[one.cart_id for one in steps],
        templates=[one.template for one in steps],
        planned_fors=[one.planned_for for one in steps],
        reasons=[one.reason and one.reason.value for one in steps],
        decision_ids=decision_ids,
    )
    planned = [
        Planned(message_id, one.contact_id, one.cart_id, one.planned_for)
        for message_id, one in zip(ids, steps, strict=True)
        if one.reason is None
    ]
    tell_planned(shop_id=shop_id, planned=planned, now=now)
    tell_decisions(shop_id=shop_id, ids=decision_ids, now=now)


def _json(facts: Mapping[str, Any]) -> str:
    return msgspec.json.encode(facts).decode() if facts else "{}"
