"""Whether a due message goes, waits, or never will: pure decisions, each with a reason of the closed list.

Instants are aware and in UTC; due means `planned instant <= now`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.hours.opening import OpenHours, next_open
from ripresa.domain.scenarios.legal_basis.rules import Allowed, Refused
from ripresa.domain.scenarios.plan import AGENT, Plan, Window

CAP_WINDOW = timedelta(days=30)
# A hold whose end nobody knows is looked at again after as long as it has lasted, within these.
LOOK_AGAIN = (timedelta(minutes=1), timedelta(hours=1))
RETRY_AFTER = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 240, 480, 720, 720, 720, 720)
)
# Where a window and the shop's hours have no minute in common, somebody may mend that.
NEVER_OPEN = timedelta(days=1)
RETRY_FOR = timedelta(hours=72)


class Send(NamedTuple):
    """Hand it over now; `rule` is the legal basis that allows it."""

    rule: str


class Wait(NamedTuple):
    """Hold it back and look again at `until`."""

    until: datetime
    reason: Reason


class Skip(NamedTuple):
    """It will not be sent, by our own choice."""

    reason: Reason


class Cancel(NamedTuple):
    """What it was planned for is over."""

    reason: Reason


Decision = Send | Wait | Skip | Cancel


class StepLimits(msgspec.Struct, frozen=True):
    """What a plan and its shop demand of each step. `least_gap` is the shop's floor (SCN-4)."""

    stale_after: Duration
    least_gap: timedelta = timedelta(0)
    not_more_often_than: Duration | None = None
    not_after_order: Duration | None = None
    max_messages_per_30d: int | None = None
    window: Window | None = None

    @classmethod
    def of(cls, plan: Plan, channel: str, least_gap: timedelta) -> "StepLimits":
        """The limits of `plan` in one channel. A notice to an agent counts towards no cap."""
        free = cls(
            stale_after=plan.stale_after,
            not_after_order=plan.not_after_order,
            window=plan.quiet_hours.get(channel),
        )
        if channel == AGENT:
            return free
        return msgspec.structs.replace(
            free,
            least_gap=least_gap,
            not_more_often_than=plan.not_more_often_than,
            max_messages_per_30d=plan.max_messages_per_30d,
        )

    def released_at(self, latest: datetime) -> datetime:
        """When the next step may follow one whose first message left at `latest`."""
        released = latest + self.least_gap
        if self.not_more_often_than is not None:
            released = max(released, self.not_more_often_than.after(latest))
        return released


class StepFacts(msgspec.Struct, frozen=True):
    """What is known of one message at the moment of its hand-over.

    `ended`: why it is no longer wanted at all. `agent_first_until`: the agent has not been told yet, ask
    again then. `unreachable`: why there is nowhere to send it. `basis`: what the law allows.
    `left_alone`: why nobody writes to her by hand. `only_if`: why its condition does not hold.
    `overtaken`: a later step of the same recovery has been handed over. `steps_sent`: when the first
    message of each *other* step to this person was handed over, newest first; empty once this step's own
    first message was: the step has been counted.
    `latest_order_at`: of the orders that count. `shop_hours`: the shop's own, where she is.
    `snoozed_until`: the agent has put the deal off.
    """

    planned_for: datetime
    zone: ZoneInfo
    ended: Reason | None = None
    agent_first_until: datetime | None = None
    unreachable: Reason | None = None
    basis: Allowed | Refused = Refused(Reason.NO_CONSENT)
    is_suppressed: bool = False
    left_alone: Reason | None = None
    latest_order_at: datetime | None = None
    shop_hours: OpenHours | None = None
    only_if: Reason | None = None
    has_translation: bool = True
    overtaken: bool = False
    is_test: bool = False
    is_stopped: bool = False
    is_paused: bool = False
    is_switched_off: bool = False
    snoozed_until: datetime | None = None
    steps_sent: Sequence[datetime] = ()


def decide_step(facts: StepFacts, limits: StepLimits, *, now: datetime) -> Decision:
    """What to do with a due message: a permanent no comes before a hold, an ending before both.

    Only what counts from an agent's notice waits before anything else is asked: it is not its turn.
    """
    if facts.ended is not None:
        return Cancel(facts.ended)
    if facts.agent_first_until is not None:
        until = facts.agent_first_until
        soonest = _look_again(facts.planned_for, now)
        return Wait(until if until > now else soonest, Reason.AGENT_FIRST)
    if isinstance(basis := _basis(facts, limits, now), Refused):
        return Skip(basis.reason)
    return _hold(facts, limits, now) or Send(basis.rule)


def _basis(facts: StepFacts, limits: StepLimits, now: datetime) -> Allowed | Refused:
    """What allows it, or the first permanent no in the order of the closed list."""
    if facts.unreachable is not None:
        return Refused(facts.unreachable)
    if isinstance(facts.basis, Refused):
        return facts.basis
    if facts.is_suppressed:
        return Refused(Reason.SUPPRESSED)
    if _is_recent(facts.latest_order_at, limits.not_after_order, now):
        return Refused(Reason.RECENT_ORDER)
    if facts.left_alone is not None:
        return Refused(facts.left_alone)
    refusal = _refusal_of_step(facts, limits, now)
    return facts.basis if refusal is None else Refused(refusal)


def _refusal_of_step(facts: StepFacts, limits: StepLimits, now: datetime) -> Reason | None:
    if facts.only_if is not None:
        return facts.only_if
    if not facts.has_translation:
        return Reason.NO_TRANSLATION
    if facts.overtaken or now > limits.stale_after.after(facts.planned_for):
        return Reason.STALE
    return Reason.TEST_ORDER if facts.is_test else None


def _is_recent(ordered_at: datetime | None, window: Duration | None, now: datetime) -> bool:
    return ordered_at is not None and window is not None and now < window.after(ordered_at)


def _hold(facts: StepFacts, limits: StepLimits, now: datetime) -> Wait | None:
    for holds, reason in (
        (facts.is_stopped, Reason.STOPPED),
        (facts.is_switched_off, Reason.SWITCHED_OFF),
        (facts.is_paused, Reason.PAUSED),
    ):
        if holds:
            return Wait(_look_again(facts.planned_for, now), reason)
    if facts.snoozed_until is not None and facts.snoozed_until > now:
        return Wait(facts.snoozed_until, Reason.AGENT_FIRST)
    opens = next_open(limits.window, facts.shop_hours, facts.zone, now)
    if opens is None or opens > now:
        return Wait(opens or now + NEVER_OPEN, Reason.QUIET_HOURS)
    if facts.steps_sent and (released := _cap_ends(facts.steps_sent, limits)) > now:
        return Wait(released, Reason.CAP)
    return None


def _look_again(planned_for: datetime, now: datetime) -> datetime:
    """When to ask anew about a hold of open end.

    Whoever lifts it makes all it held due; this is for what was being held in that very instant,
    and the longer a message has waited, the less a little more matters: a long pause costs little.
    """
    soonest, latest = LOOK_AGAIN
    return now + min(max((now - planned_for) / 24, soonest), latest)


def _cap_ends(steps_sent: Sequence[datetime], limits: StepLimits) -> datetime:
    """When neither the gap nor the number in 30 days holds it back any more."""
    released = limits.released_at(steps_sent[0])
    most = limits.max_messages_per_30d
    if most is not None and len(steps_sent) >= most:
        # Once this one is 30 days old, one fewer than the limit is left.
        released = max(released, steps_sent[most - 1] + CAP_WINDOW)
    return released


def retry_at(*, attempts: int, tried_at: datetime, now: datetime) -> datetime | None:
    """When to try again after refusal number `attempts`, first tried at `tried_at`; None: never."""
    if not 1 <= attempts <= len(RETRY_AFTER):
        return None
    again = now + RETRY_AFTER[attempts - 1]
    return again if again - tried_at <= RETRY_FOR else None
