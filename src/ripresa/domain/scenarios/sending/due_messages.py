"""What is due to whom, with the facts for its decision: read under the lock of the people."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.contracts.reasons import Reason
from ripresa.core import query
from ripresa.domain.scenarios.plan import Plan, Step
from ripresa.domain.scenarios.rules import cart_end, cart_end_by_hand, cart_end_in_campaign
from ripresa.domain.scenarios.sending.by_hand import MANUAL
from ripresa.domain.scenarios.sending.rules import CAP_WINDOW

run = partial(query.run_often, "ripresa.domain.scenarios.sending")

CAMPAIGN = "campaign"  # the kind of its origin
_IN_TURN = frozenset({Reason.CAP.value, Reason.QUIET_HOURS.value})


class DueMessage(NamedTuple):
    """A due message, its recovery, its cart and its person as they are at this moment.

    `address`: where it reaches her in its channel: e-mail, number, or the postal address as JSON; None
    for a notice, which goes to an agent. `consent` is that of its channel. Sent by hand, it has the id of
    its origin for scenario and version; a campaign's has that of the campaign, and what it is about for
    a branch. Where it speaks of no cart, `cart_id` is its own id, which no cart has. `was_claimed`: it was
    about to leave before, so its campaign's budget has paid for it.
    """

    id: UUID
    contact_id: UUID
    cart_id: UUID
    origin_id: UUID
    step: str
    step_number: int
    channel: str
    template: str
    planned_for: datetime
    held_for: str | None
    tried_at: datetime | None
    scenario_id: UUID
    version_id: UUID
    branch: str
    run_state: str
    run_reason: str | None
    left_at: datetime
    scenario_state: str
    cart_state: str
    cart_left_at: datetime
    is_test: bool
    address: str | None
    timezone: str | None
    country: str | None
    phone: str | None
    agent: str | None
    locale: str | None
    consent: str
    is_suppressed: bool
    latest_order_at: datetime | None
    awaits_fold: bool
    origin_kind: str
    was_claimed: bool

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody sent it by hand: then no recovery and no scenario stand behind it."""
        return self.origin_kind == MANUAL

    @property
    def is_of_campaign(self) -> bool:
        """Whether a campaign sends it."""
        return self.origin_kind == CAMPAIGN

    @property
    def is_of_recovery(self) -> bool:
        """Whether it is a step of a scenario."""
        return not (self.is_by_hand or self.is_of_campaign)

    @property
    def is_reminder(self) -> bool:
        """Whether it reminds of a cart: a thank-you does not, and neither does what speaks of none."""
        return not self.is_of_campaign or self.branch == "abandoned_cart"

    @property
    def ended(self) -> Reason | None:
        """Why it is no longer wanted, if it is not."""
        if self.is_by_hand:
            return cart_end_by_hand(self.cart_state, self.cart_left_at, self.latest_order_at)
        if self.is_of_campaign:
            return self._ended_in_campaign
        if (reason := cart_end(self.cart_state, self.cart_left_at, self.left_at)) is not None:
            return reason
        if self.run_state != "active":
            return Reason(self.run_reason or Reason.REOPENED)
        return None

    @property
    def _ended_in_campaign(self) -> Reason | None:
        if self.scenario_state == "ended":
            return Reason.BY_HAND
        if self.run_state != "active":
            return Reason(self.run_reason or Reason.SUPERSEDED)
        return cart_end_in_campaign(
            self.branch, self.cart_state, self.cart_left_at, self.latest_order_at
        )


@dataclass(slots=True)
class Person:
    """What one person was sent lately: when the first message of each (recovery, step number) left."""

    sent: dict[tuple[UUID, int], datetime] = field(default_factory=dict)
    due: list[DueMessage] = field(default_factory=list)
    apart: set[UUID] = field(default_factory=set)  # the origins of `sent` that are no recoveries
    is_busy: bool = False  # something to her, or about her, is being sent at this moment

    def note_sent(self, message: DueMessage, at: datetime) -> None:
        """A message of hers goes; the first one of its step counts."""
        self.sent.setdefault((message.origin_id, message.step_number), at)
        if not message.is_of_recovery:
            self.apart.add(message.origin_id)

    def others(self, message: DueMessage) -> list[datetime]:
        """When the other steps were handed over, newest first; none if this one has begun already."""
        if (message.origin_id, message.step_number) in self.sent:
            return []
        return sorted(self.sent.values(), reverse=True)

    def steps_before(self, message: DueMessage) -> int:
        """How many other steps of the same recovery have been handed over, and what was of none.

        Before a message by hand or of a campaign, everything counts that she was sent lately: the law does
        not ask why.
        """
        own = (message.origin_id, message.step_number)
        return sum(
            step != own
            and (
                not message.is_of_recovery or step[0] == message.origin_id or step[0] in self.apart
            )
            for step in self.sent
        )

    def texts_before(self, message: DueMessage, steps: Sequence[Step]) -> int:
        """How many other steps of the same recovery went out that are, or may have been, texts."""
        return sum(
            origin == message.origin_id
            and number != message.step_number
            and number <= len(steps)
            and "sms" in steps[number - 1].channels
            for origin, number in self.sent
        )

    def has_overtaken(self, message: DueMessage, waiting: Container[UUID]) -> bool:
        """Whether a later step of the same recovery was handed over, or is due as well.

        Two steps that became due together, after a pause or because the cart was learnt of late, must
        not both be sent. One that a cap or quiet hours held back is not overtaken: it goes in its turn.
        `waiting`: messages that are due in name only, for an agent's notice comes before them.
        """
        if message.held_for not in _IN_TURN and any(
            one.origin_id == message.origin_id
            and one.step_number > message.step_number
            and one.planned_for > message.planned_for
            and one.id not in waiting
            for one in self.due
        ):
            return True
        return any(
            origin == message.origin_id and number > message.step_number
            for origin, number in self.sent
        )


def lock_people(*, shop_id: int, now: datetime, limit: int, passed: Iterable[UUID]) -> list[UUID]:
    """Lock the people behind the `limit` longest due messages, those of `passed` left out."""
    rows = run(
        "lock_people_of_due_messages", shop_id=shop_id, now=now, limit=limit, passed=list(passed)
    )
    return sorted({contact_id for (contact_id,) in rows})


def list_due(*, shop_id: int, contact_ids: Sequence[UUID], now: datetime) -> list[DueMessage]:
    """All that is due to some locked people, in the order in which it is decided."""
    rows = run("due_messages", shop_id=shop_id, contact_ids=list(contact_ids), now=now)
    return [DueMessage._make(row) for row in rows]


def list_people(
    *, shop_id: int, contact_ids: Sequence[UUID], since: datetime
) -> defaultdict[UUID, Person]:
    """What some people were sent since an instant."""
    people: defaultdict[UUID, Person] = defaultdict(Person)
    for contact_id, origin_id, step_number, at, is_busy, is_apart in run(
        "steps_sent", shop_id=shop_id, contact_ids=list(contact_ids), since=since
    ):
        person = people[contact_id]
        if at is not None:
            person.sent[origin_id, step_number] = at
            if is_apart:
                person.apart.add(origin_id)
        person.is_busy = person.is_busy or is_busy
    return people


def note_in_shadow(people: Mapping[UUID, Person], *, shop_id: int, since: datetime) -> None:
    """Count, beside what these people were sent, what they would have been sent in shadow mode."""
    for contact_id, origin_id, step_number, at, is_apart in run(
        "steps_in_shadow", shop_id=shop_id, contact_ids=list(people), since=since
    ):
        people[contact_id].sent.setdefault((origin_id, step_number), at)
        if is_apart:
            people[contact_id].apart.add(origin_id)


def memory_of(plans: Iterable[Plan], least_gap: timedelta) -> timedelta:
    """How far back a sent step can matter to any of `plans`."""
    spans = [CAP_WINDOW, least_gap]
    for plan in plans:
        spans.append(plan.stale_after.at_most())
        if plan.not_more_often_than is not None:
            spans.append(plan.not_more_often_than.at_most())
    return max(spans)
