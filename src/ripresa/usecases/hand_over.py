"""Hand over: decide what is due and claim what is to be sent, under the locks of the people.

Promises 1 and 4 are kept here and, once more, when a claimed message departs (`send_messages`): see
docs/adr/0003-look-again-after-claiming.md.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Outcome, Reason
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.operations import Claim, SenderRow, Verdict
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.senders import Sending, sending_of
from ripresa.domain.scenarios.sending.due_messages import (
    DueMessage,
    Person,
    facts_of,
    list_due,
    list_people,
    lock_people,
    memory_of,
)
from ripresa.domain.scenarios.sending.rules import Send, Skip, StepLimits, Wait, decide_step
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.queries import is_stopped

# Holds that are looked at again and again until someone lifts them: told once, not at every look.
_POLLED = frozenset({Reason.PAUSED.value, Reason.STOPPED.value})


class Claimed(NamedTuple):
    """A message that this worker may send, and nobody else while the lease lasts."""

    message: DueMessage
    attempts: int
    plan: Plan
    sending: Sending
    sender_id: UUID


@dataclass(slots=True)
class HandOver:
    """What one transaction did. `passed`: people whose messages could not be decided yet."""

    shop: Shop
    decided: int = 0
    claimed: list[Claimed] = field(default_factory=list)
    passed: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class _Course:
    """A plan, with what follows from it worked out once for all messages of one hand-over."""

    plan: Plan
    shop: Shop
    limits: dict[str, StepLimits] = field(default_factory=dict)
    sendings: dict[tuple[int, str | None], Sending] = field(default_factory=dict)

    def limits_in(self, channel: str) -> StepLimits:
        """The limits of the plan and its shop in one channel."""
        if channel not in self.limits:
            self.limits[channel] = StepLimits.of(self.plan, channel, self.shop.min_gap)
        return self.limits[channel]

    def sending_of(self, message: DueMessage) -> Sending:
        """From whom `message` goes."""
        key = (message.step_number, message.agent)
        if key not in self.sendings:
            self.sendings[key] = sending_of(self.plan, *key, self.shop)
        return self.sendings[key]


class _Turn(NamedTuple):
    """One due message, when its turn has come."""

    message: DueMessage
    course: _Course
    sending: Sending


@dataclass(slots=True)
class _Desk:
    """One hand-over at work: what it knows, and what it has decided so far."""

    shop: Shop
    now: datetime
    people: Mapping[UUID, Person]
    senders: Mapping[str, SenderRow]
    is_stopped: bool
    verdicts: list[Verdict] = field(default_factory=list)
    over: list[UUID] = field(default_factory=list)
    sends: list[tuple[_Turn, Send]] = field(default_factory=list)
    passed: set[UUID] = field(default_factory=set)

    def take(self, turn: _Turn) -> None:
        """Decide one message: what was decided before it is seen."""
        message = turn.message
        person = self.people[message.contact_id]
        if person.is_busy or message.awaits_fold:
            # She is being written to, or the fold has not read her order: that comes first.
            self.passed.add(message.contact_id)
            return
        facts = facts_of(
            message,
            person,
            shop_zone=self.shop.timezone,
            is_stopped=self.is_stopped,
            is_paused=self.senders[turn.sending.sender.address].is_paused,
        )
        limits = turn.course.limits_in(message.channel)
        decision = decide_step(facts, limits, now=self.now)
        if isinstance(decision, Send):
            person.sent.append((message.origin_id, message.step_number, self.now))
            self.sends.append((turn, decision))
        elif isinstance(decision, Wait):
            self.verdicts.append(_hold(message, decision))
        else:
            self.over.append(message.origin_id)
            self.verdicts.append(
                _skip(message, decision)
                if isinstance(decision, Skip)
                else outbox.cancelled(message.id, decision.reason)
            )


@transaction.atomic
def hand_over(
    *, shop_id: int, now: datetime, room: int, lease: timedelta, passed: Collection[UUID] = ()
) -> HandOver:
    """Decide the longest due messages of a shop, and claim at most `room` of them for sending.

    `passed`: people whom this round has looked at already.
    """
    contact_ids = lock_people(shop_id=shop_id, now=now, limit=room, passed=passed)
    # All is read after the lock: an order folded before it is seen, a later one waits for us.
    shop = Shop.objects.get(id=shop_id)
    if not contact_ids:
        return HandOver(shop)
    turns = _turns(shop, list_due(shop_id=shop_id, contact_ids=contact_ids, now=now))
    desk = _open_desk(shop, turns, contact_ids, now)
    for turn in turns:
        if len(desk.sends) == room:
            break
        desk.take(turn)
    outbox.settle_planned(shop_id=shop_id, verdicts=desk.verdicts, now=now)
    operations.finish_runs(shop_id=shop_id, recovery_ids=desk.over, now=now)
    claimed = _claim(desk, now + lease)
    return HandOver(shop, len(desk.verdicts) + len(claimed), claimed, desk.passed)


def _turns(shop: Shop, due: list[DueMessage]) -> list[_Turn]:
    courses: dict[UUID, _Course] = {}
    turns = []
    for message in due:
        course = courses.get(message.version_id)
        if course is None:
            course = courses[message.version_id] = _Course(
                plan_of(shop.id, message.version_id), shop
            )
        turns.append(_Turn(message, course, course.sending_of(message)))
    return turns


def _open_desk(shop: Shop, turns: list[_Turn], contact_ids: list[UUID], now: datetime) -> _Desk:
    courses = {id(turn.course): turn.course for turn in turns}.values()
    senders = outbox.senders_by_email(
        shop_id=shop.id,
        names={
            one.sender.address: (one.sender.name, one.reply_to.address if one.reply_to else "")
            for course in courses
            for one in course.sendings.values()
        },
        now=now,
    )
    since = now - memory_of((course.plan for course in courses), shop.min_gap)
    people = list_people(shop_id=shop.id, contact_ids=contact_ids, since=since)
    for turn in turns:
        people[turn.message.contact_id].due.append(turn.message)
    return _Desk(shop, now, people, senders, is_stopped(shop))


def _hold(message: DueMessage, decision: Wait) -> Verdict:
    reason = decision.reason
    is_told = reason.value in _POLLED and reason.value == message.held_for
    return Verdict(
        message.id,
        "planned",
        reason,
        None if is_told else Outcome.HELD,
        decision.until,
        {"until": decision.until.isoformat()},
    )


def _skip(message: DueMessage, decision: Skip) -> Verdict:
    facts: Mapping[Reason, dict[str, Any]] = {
        Reason.STALE: {"planned_for": message.planned_for.isoformat()},
        Reason.NO_CONSENT: {"consent": message.consent},
        Reason.RECENT_ORDER: {"ordered_at": str(message.latest_order_at)},
    }
    told = facts.get(decision.reason, {})
    return Verdict(message.id, "skipped", decision.reason, Outcome.SKIPPED, None, told)


def _claim(desk: _Desk, lease_until: datetime) -> list[Claimed]:
    """Move what is to be sent from planned to sending."""
    sender_ids = [desk.senders[turn.sending.sender.address].id for turn, _ in desk.sends]
    attempts = outbox.claim(
        shop_id=desk.shop.id,
        claims=[
            Claim(turn.message.id, send.rule, sender_id, turn.message.email or "")
            for (turn, send), sender_id in zip(desk.sends, sender_ids, strict=True)
        ],
        now=desk.now,
        lease_until=lease_until,
    )
    return [
        Claimed(turn.message, attempts[turn.message.id], turn.course.plan, turn.sending, sender_id)
        for (turn, _), sender_id in zip(desk.sends, sender_ids, strict=True)
        if turn.message.id in attempts
    ]
