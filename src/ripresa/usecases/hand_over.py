"""Hand over: decide what is due and claim what is to be sent, under the locks of the people.

Promises 1 and 4 are kept here and, once more, when a claimed message departs (`send_messages`): see
docs/adr/0003-look-again-after-claiming.md.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Outcome, Reason
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.operations import Claim, SenderRow, Verdict
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.due_messages import (
    DueMessage,
    Person,
    facts_of,
    list_due,
    list_people,
    lock_people,
    memory_of,
)
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.rules import Send, Skip, StepLimits, Wait, decide_step
from ripresa.domain.scenarios.senders import Sending, sending_of
from ripresa.domain.shops.models import Shop

# Holds that are looked at again and again until someone lifts them: told once, not at every look.
_POLLED = frozenset({Reason.PAUSED.value, Reason.STOPPED.value})


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker may send, and nobody else while the lease lasts."""

    message: DueMessage
    attempts: int
    plan: Plan
    sending: Sending
    sender_id: UUID


@dataclass(slots=True)
class HandOver:
    """What one transaction did. `passed`: people whose messages could not be decided yet."""

    decided: int = 0
    claimed: list[Claimed] = field(default_factory=list)
    passed: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class _Desk:
    """One hand-over at work: what it knows, and what it has decided so far."""

    shop: Shop
    now: datetime
    plans: Mapping[UUID, Plan]
    people: Mapping[UUID, Person]
    sendings: Mapping[UUID, Sending]
    senders: Mapping[str, SenderRow]
    verdicts: list[Verdict] = field(default_factory=list)
    sends: list[tuple[DueMessage, Send]] = field(default_factory=list)
    passed: set[UUID] = field(default_factory=set)

    def take(self, message: DueMessage) -> None:
        """Decide one message, in turn: what was decided before it is seen."""
        person = self.people[message.contact_id]
        if person.is_busy or message.awaits_fold:
            # She is being written to, or the fold has not read her order: that comes first.
            self.passed.add(message.contact_id)
            return
        plan = self.plans[message.version_id]
        facts = facts_of(
            message,
            person,
            shop_zone=self.shop.timezone,
            is_stopped=self.shop.stopped_at is not None,
            is_paused=self.sender_of(message).is_paused,
        )
        limits = StepLimits.of(plan, message.channel, self.shop.min_gap)
        decision = decide_step(facts, limits, now=self.now)
        if isinstance(decision, Send):
            person.sent.append((message.origin_id, message.step_number, self.now))
            self.sends.append((message, decision))
        elif isinstance(decision, Wait):
            self.verdicts.append(_hold(message, decision))
        elif isinstance(decision, Skip):
            self.verdicts.append(_skip(message, decision))
        else:
            self.verdicts.append(outbox.cancelled(message.id, decision.reason))

    def sender_of(self, message: DueMessage) -> SenderRow:
        """The sender whose name stands on `message`."""
        return self.senders[self.sendings[message.id].sender.address]


@transaction.atomic
def hand_over(
    *, shop_id: int, now: datetime, room: int, lease: timedelta, passed: Collection[UUID] = ()
) -> HandOver:
    """Decide the longest due messages of a shop, and claim at most `room` of them for sending.

    `passed`: people whom this round has looked at already.
    """
    contact_ids = lock_people(shop_id=shop_id, now=now, limit=room, passed=passed)
    if not contact_ids:
        return HandOver()
    # All is read after the lock: an order folded before it is seen, a later one waits for us.
    due = list_due(shop_id=shop_id, contact_ids=contact_ids, now=now)
    desk = _open_desk(shop_id, due, contact_ids, now)
    for message in due:
        if len(desk.sends) == room:
            break
        desk.take(message)
    outbox.settle_planned(shop_id=shop_id, verdicts=desk.verdicts, now=now)
    claimed = _claim(desk, now + lease)
    over = {one.message_id for one in desk.verdicts if one.state != "planned"}
    operations.finish_runs(
        shop_id=shop_id,
        recovery_ids=[message.origin_id for message in due if message.id in over],
        now=now,
    )
    return HandOver(len(desk.verdicts) + len(claimed), claimed, desk.passed)


def _open_desk(
    shop_id: int, due: list[DueMessage], contact_ids: list[UUID], now: datetime
) -> _Desk:
    shop = Shop.objects.get(id=shop_id)
    plans = {
        version_id: plan_of(shop_id, version_id)
        for version_id in {message.version_id for message in due}
    }
    sendings = {
        message.id: sending_of(plans[message.version_id], message.step_number, message.agent, shop)
        for message in due
    }
    senders = outbox.senders_by_email(
        shop_id=shop_id,
        names={
            one.sender.address: (one.sender.name, one.reply_to.address if one.reply_to else "")
            for one in sendings.values()
        },
        now=now,
    )
    since = now - memory_of(plans.values(), shop.min_gap)
    people = list_people(shop_id=shop_id, contact_ids=contact_ids, since=since)
    return _Desk(shop, now, plans, people, sendings, senders)


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
    attempts = outbox.claim(
        shop_id=desk.shop.id,
        claims=[
            Claim(message.id, send.rule, desk.sender_of(message).id, message.email or "")
            for message, send in desk.sends
        ],
        now=desk.now,
        lease_until=lease_until,
    )
    return [
        Claimed(
            message,
            attempts[message.id],
            desk.plans[message.version_id],
            desk.sendings[message.id],
            desk.sender_of(message).id,
        )
        for message, _ in desk.sends
        if message.id in attempts
    ]
