"""A due message when its turn has come, with the plan it follows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from ripresa.contracts.channel import Mailbox
from ripresa.domain.campaigns import queries as campaigns
from ripresa.domain.messages.senders import senders_named
from ripresa.domain.scenarios.cart_facts import facts_asked
from ripresa.domain.scenarios.hours.document import ShopHours, read_hours
from ripresa.domain.scenarios.hours.opening import OpenHours, hours_for
from ripresa.domain.scenarios.legal_basis.own import stored_bases
from ripresa.domain.scenarios.plan import AGENT, Plan, SenderName, Step
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.senders import Sending, sending_of
from ripresa.domain.scenarios.sending.addresses import Destination
from ripresa.domain.scenarios.sending.agent_part import agents_of
from ripresa.domain.scenarios.sending.by_hand import CAPS, QUIET_HOURS, HandSend, find_sends
from ripresa.domain.scenarios.sending.due_messages import DueMessage
from ripresa.domain.scenarios.sending.notices import notice_before
from ripresa.domain.scenarios.sending.rules import StepLimits
from ripresa.domain.shops.features import Feature, features_off
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.context import CouponFields
from ripresa.usecases.audiences import members_of
from ripresa.usecases.shops.features import needed_by


@dataclass
class Course:
    """A branch of a plan, with what follows from it worked out once for all of one hand-over.

    `by_hand`: what somebody asked for, where it is the plan of a message sent by hand. `sender`: the
    plan's own, or the stored one that it names.
    """

    plan: Plan
    steps: tuple[Step, ...]
    shop: Shop
    by_hand: HandSend | None = None
    sender: SenderName | None = None
    limits: dict[str, StepLimits] = field(default_factory=dict)
    sendings: dict[tuple[int, Mailbox | None], Sending] = field(default_factory=dict)

    @cached_property
    def notices(self) -> tuple[int | None, ...]:
        """For each step the number of the notice from which it counts."""
        return tuple(notice_before(self.steps, number) for number in range(1, len(self.steps) + 1))

    @cached_property
    def listens(self) -> bool:
        """Whether what an agent does matters to it."""
        return (
            bool(self.plan.stop_on)
            or any(step.is_notice or step.stage for step in self.steps)
            or "deal_stage" in facts_asked(self.plan)
        )

    def limits_in(self, channel: str) -> StepLimits:
        """The limits of the plan and its shop in one channel."""
        if channel not in self.limits:
            is_free = self.by_hand is not None and CAPS in self.by_hand.overrides
            least_gap = timedelta(0) if is_free else self.shop.min_gap
            self.limits[channel] = StepLimits.of(self.plan, channel, least_gap)
        return self.limits[channel]

    @cached_property
    def shop_hours(self) -> ShopHours:
        """The shop's own, unless somebody has set them aside."""
        is_free = self.by_hand is not None and QUIET_HOURS in self.by_hand.overrides
        return ShopHours() if is_free else read_hours(self.shop.hours)

    def hours_in(self, channel: str, country: str) -> OpenHours | None:
        """When the shop lets something go to a country; None: at any time, as a notice to an agent."""
        return hours_for(self.shop_hours, channel, country)

    @cached_property
    def own_bases(self) -> Mapping[tuple[str, str], str]:
        """What the shop asks beyond the legal presets: rules by country and channel."""
        return {(one.country, one.channel): one.rule for one in stored_bases(self.shop.own_bases)}

    def sending_of(self, step_number: int, agent: Mailbox | None) -> Sending:
        """From whom step `step_number` goes to somebody whose agent is `agent`."""
        key = (step_number, agent)
        if key not in self.sendings:
            step = self.steps[step_number - 1]
            self.sendings[key] = sending_of(self.sender, step, agent, self.shop)
        return self.sendings[key]


@dataclass(slots=True)
class Turn:
    """One due message. `agent`: whose customer she is, where the step asks for it."""

    message: DueMessage
    course: Course
    step: Step
    agent: Mailbox | None
    sending: Sending

    @property
    def is_mail(self) -> bool:
        """Whether it leaves by e-mail: what an agent hears does, too."""
        return self.message.channel in {"email", AGENT}

    @property
    def is_switched_off(self) -> bool:
        """Whether it needs something that its shop does not use."""
        off = features_off(self.course.shop)
        if not off:
            return False
        needed = needed_by(self.step, self.message.channel)
        if self.message.is_of_recovery:
            needed.add(Feature.SCENARIOS)
        elif self.message.is_of_campaign:
            needed.add(Feature.CAMPAIGNS)
        return any(one.value in off for one in needed)

    @property
    def told(self) -> Mapping[str, Any]:
        """What every decision on it says: who sent it by hand, if anybody did."""
        return {} if self.course.by_hand is None else self.course.by_hand.told


@dataclass(slots=True)  # not frozen: that would triple the cost of making one
class Claimed:
    """A message that this worker may send, and nobody else while the lease lasts.

    `deal`: what there was to see of the cart's deal (deals_seen.sql), "" for none; None: nobody asks.
    `facts` go into the trail with the outcome.
    """

    message: DueMessage
    attempts: int
    plan: Plan
    steps: tuple[Step, ...]
    sending: Sending
    sender_id: UUID | None
    to: Destination
    language: str
    coupon: CouponFields | None = None
    deal: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def step(self) -> Step:
        """The step it belongs to."""
        return self.steps[self.message.step_number - 1]


def turns_of(shop: Shop, due: list[DueMessage], now: datetime) -> list[Turn]:
    """The turns of due messages, in order; their people are locked."""
    courses: dict[tuple[UUID, str], Course] = {}
    sends = find_sends(shop.id, [message.origin_id for message in due if message.is_by_hand])
    found = []
    for message in due:
        key = (message.version_id, message.branch)
        if (course := courses.get(key)) is None:
            send = sends.get(message.origin_id)
            plan = send.plan if send is not None else _plan_of(shop.id, message)
            steps = plan.branch_named(message.branch).steps
            course = courses[key] = Course(plan, steps, shop, send)
        found.append((message, course, course.steps[message.step_number - 1]))
    _name_senders(shop.id, courses.values())
    agents = agents_of(
        shop_id=shop.id,
        messages=[message for message, _, step in found if step.by_agent or step.is_notice],
        shop_country=shop.country,
        members_of=partial(members_of, shop_id=shop.id, now=now),
        now=now,
    )
    turns = []
    for message, course, step in found:
        agent = agents.get(message.contact_id) if agents else None
        sending = course.sending_of(message.step_number, agent if step.by_agent else None)
        turns.append(Turn(message, course, step, agent, sending))
    return turns


def _name_senders(shop_id: int, courses: Iterable[Course]) -> None:
    """Give each course its sender; a stored one as it is now, none where it is gone."""
    waiting = []
    for course in courses:
        course.sender = course.plan.sender
        if course.sender is not None and course.sender.stored:
            waiting.append((course, course.sender.stored.strip().lower()))
    if not waiting:
        return
    stored = senders_named(shop_id=shop_id, words=[word for _, word in waiting])
    for course, word in waiting:
        one = stored.get(word)
        course.sender = None if one is None else SenderName(one.name, one.email, one.reply_to)


def _plan_of(shop_id: int, message: DueMessage) -> Plan:
    """The plan of its scenario's version, or of its campaign."""
    if message.is_of_campaign:
        return campaigns.plan_of(shop_id, message.version_id).message
    return plan_of(shop_id, message.version_id)
