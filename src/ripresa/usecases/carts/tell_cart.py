"""Tell a cart's story in order: what the shopper and her agent did, what was decided and why, what is ahead.

This is the trail of SCN-15. Console, management API and command line tell these same chapters, each in
its own words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ripresa.core.money import Money
from ripresa.domain.campaigns import queries as campaigns
from ripresa.domain.carts import queries as carts
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact
from ripresa.domain.deals import queries as deals
from ripresa.domain.deals.models import DealActivity
from ripresa.domain.messages import queries as outbox
from ripresa.domain.messages.feedback import feedback_of_messages
from ripresa.domain.messages.models import Message, MessageFeedback
from ripresa.domain.scenarios import figures as scenarios
from ripresa.domain.scenarios.models import ManualSend, Recovery
from ripresa.domain.scenarios.queries import TrailLine, trail_of_cart
from ripresa.domain.scenarios.sending.by_hand import MANUAL, sends_of_cart
from ripresa.domain.scenarios.sending.due_messages import CAMPAIGN


class Kind(StrEnum):
    """What a chapter tells. The last two are still to come."""

    BEGUN = "begun"
    ABANDONED = "abandoned"
    ORDERED = "ordered"
    ORDER_CANCELLED = "order_cancelled"
    EMPTIED = "emptied"
    EXPIRED = "expired"
    TAKEN_UP = "taken_up"
    BY_HAND = "by_hand"
    DECIDED = "decided"
    HEARD = "heard"
    DEAL = "deal"
    ENDED = "ended"
    WAITING = "waiting"
    PLANNED = "planned"


AHEAD = frozenset({Kind.WAITING, Kind.PLANNED})


@dataclass(frozen=True, slots=True)
class Run:
    """The recovery a chapter belongs to; `number` counts those of the cart from 1."""

    id: UUID
    number: int
    scenario: str
    version_id: UUID
    branch: str | None


@dataclass(frozen=True, slots=True)
class ByHand:
    """The message by hand that a chapter belongs to: who sent it, and what that person overrode."""

    id: UUID
    asked_by: str
    overrides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfCampaign:
    """The campaign that a chapter belongs to."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happened, or is still to come. What does not belong to its kind is None.

    `outcome` and `reason` are of the closed list; `facts` is what the decision was taken on. `deal` is
    what somebody, or an order, did with the deal about the cart. `heard` is what a provider, or our
    own tracking, told of a message.
    """

    at: datetime
    kind: Kind
    run: Run | None = None
    step: str | None = None
    channel: str | None = None
    outcome: str | None = None
    reason: str | None = None
    to_address: str | None = None
    subject: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    cart_kind: str | None = None
    value: Money | None = None
    order: str | None = None
    deal: DealActivity | None = None
    heard: MessageFeedback | None = None
    by_hand: ByHand | None = None
    campaign: OfCampaign | None = None

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to come."""
        return self.kind in AHEAD


@dataclass(frozen=True, slots=True)
class Story:
    """A cart with all that belongs to it, and its chapters in order: what is ahead comes last."""

    cart: Cart
    buyer: Contact | None
    abandonments: Sequence[Abandonment]
    order: Order | None
    messages: Sequence[Message]
    chapters: Sequence[Chapter]
    runs: Mapping[UUID, Run]


def tell_cart(*, shop_id: int, cart_id: UUID) -> Story | None:
    """The story of one cart of this shop; None where it has no such cart."""
    cart = carts.find_cart(shop_id, cart_id)
    if cart is None:
        return None
    abandonments = carts.list_abandonments(shop_id, cart_id)
    order = carts.find_order(shop_id, cart.order_id)
    messages = outbox.messages_of_cart(shop_id, cart_id)
    # Before the recoveries: so each one that a decision names is among them.
    decisions = trail_of_cart(shop_id, cart_id)
    recoveries = sorted(
        scenarios.runs_of_cart(shop_id, cart_id),
        key=lambda one: (one.abandoned_at, one.left_at, one.id),
    )
    runs = _runs(recoveries)
    sends = sends_of_cart(shop_id, cart_id) if _is_by_hand(messages, decisions) else []
    by_hand = {one.id: ByHand(one.id, one.asked_by, tuple(one.overrides)) for one in sends}
    of_campaign = _campaigns(shop_id, messages)
    past = [
        *_shopper(cart, abandonments, order),
        *_taken_up(recoveries, runs),
        *_asked(sends, by_hand),
        *(_decided(line, runs, by_hand, of_campaign) for line in decisions),
        *_heard(shop_id, messages, runs, by_hand, of_campaign),
        *_ended(recoveries, runs, decisions),
        *(
            Chapter(each.at, Kind.DEAL, deal=each)
            for each in deals.log_of_cart(shop_id=shop_id, cart_id=cart_id)
        ),
    ]
    ahead = [*_waiting(recoveries, runs), *_planned(messages, runs, by_hand, of_campaign)]
    return Story(
        cart=cart,
        buyer=contacts.find_contact(shop_id, cart.contact_id),
        abandonments=abandonments,
        order=order,
        messages=messages,
        chapters=[*_in_order(past), *_in_order(ahead)],
        runs=runs,
    )


def _is_by_hand(messages: Sequence[Message], decisions: Sequence[TrailLine]) -> bool:
    """Whether anything about the cart was sent by hand."""
    return any(one.origin_kind == MANUAL for one in messages) or any(
        line.recovery is None and line.campaign is None for line in decisions
    )


def _runs(recoveries: Sequence[Recovery]) -> dict[UUID, Run]:
    return {
        one.id: Run(one.id, number, one.scenario.name, one.version_id, one.branch)
        for number, one in enumerate(recoveries, 1)
    }


def _in_order(chapters: Iterable[Chapter]) -> list[Chapter]:
    return sorted(chapters, key=lambda chapter: chapter.at)


def _shopper(
    cart: Cart, abandonments: Sequence[Abandonment], order: Order | None
) -> Iterable[Chapter]:
    yield Chapter(cart.begun_at, Kind.BEGUN)
    for each in abandonments:
        value = Money(each.total_minor, each.currency)
        yield Chapter(each.abandoned_at, Kind.ABANDONED, cart_kind=each.kind, value=value)
    if order is not None and order.placed_at is not None:
        number = order.number or order.external_id
        yield Chapter(order.placed_at, Kind.ORDERED, order=number)
        if order.cancelled_at is not None:
            yield Chapter(order.cancelled_at, Kind.ORDER_CANCELLED, order=number)
    elif cart.state == "emptied":
        yield Chapter(cart.left_at, Kind.EMPTIED)
    elif cart.state == "expired" and cart.ended_at is not None:
        yield Chapter(cart.ended_at, Kind.EXPIRED)


def _taken_up(recoveries: Sequence[Recovery], runs: Mapping[UUID, Run]) -> Iterable[Chapter]:
    for one in recoveries:
        if one.taken_up_at is not None:
            yield Chapter(one.taken_up_at, Kind.TAKEN_UP, runs[one.id])


def _asked(sends: Sequence[ManualSend], by_hand: Mapping[UUID, ByHand]) -> Iterable[Chapter]:
    for one in sends:
        yield Chapter(one.asked_at, Kind.BY_HAND, by_hand=by_hand[one.id])


def _campaigns(shop_id: int, messages: Sequence[Message]) -> dict[UUID, OfCampaign]:
    """The campaigns behind some messages, by the recipients that these come from."""
    origins = [one.origin_id for one in messages if one.origin_kind == CAMPAIGN]
    found = campaigns.names_of_recipients(shop_id, origins)
    return {recipient_id: OfCampaign(*named) for recipient_id, named in found.items()}


def _decided(
    line: TrailLine,
    runs: Mapping[UUID, Run],
    by_hand: Mapping[UUID, ByHand],
    of_campaign: Mapping[UUID, OfCampaign],
) -> Chapter:
    return Chapter(
        line.at,
        Kind.DECIDED,
        runs.get(line.origin_id),
        step=line.step,
        channel=line.channel,
        outcome=line.outcome,
        reason=line.reason,
        to_address=line.to_address,
        subject=line.subject,
        facts=line.facts,
        by_hand=by_hand.get(line.origin_id),
        campaign=of_campaign.get(line.origin_id),
    )


def _ended(
    recoveries: Sequence[Recovery], runs: Mapping[UUID, Run], decisions: Sequence[TrailLine]
) -> Iterable[Chapter]:
    """Recoveries whose end no decision tells: over before anything was planned."""
    told = {line.origin_id for line in decisions}
    for one in recoveries:
        if one.id not in told and one.reason and one.ended_at is not None:
            yield Chapter(
                one.ended_at, Kind.ENDED, runs[one.id], outcome=one.state, reason=one.reason
            )


def _waiting(recoveries: Sequence[Recovery], runs: Mapping[UUID, Run]) -> Iterable[Chapter]:
    for one in recoveries:
        if one.due_at is not None:
            yield Chapter(one.due_at, Kind.WAITING, runs[one.id])


def _heard(
    shop_id: int,
    messages: Sequence[Message],
    runs: Mapping[UUID, Run],
    by_hand: Mapping[UUID, ByHand],
    of_campaign: Mapping[UUID, OfCampaign],
) -> Iterable[Chapter]:
    by_id = {message.id: message for message in messages}
    for one in feedback_of_messages(shop_id, list(by_id)):
        if one.message_id is None:
            continue
        message = by_id[one.message_id]
        yield Chapter(
            one.occurred_at,
            Kind.HEARD,
            runs.get(message.origin_id),
            step=message.step,
            channel=message.channel,
            heard=one,
            by_hand=by_hand.get(message.origin_id),
            campaign=of_campaign.get(message.origin_id),
        )


def _planned(
    messages: Sequence[Message],
    runs: Mapping[UUID, Run],
    by_hand: Mapping[UUID, ByHand],
    of_campaign: Mapping[UUID, OfCampaign],
) -> Iterable[Chapter]:
    for message in messages:
        if message.due_at is not None:
            yield Chapter(
                message.due_at,
                Kind.PLANNED,
                runs.get(message.origin_id),
                step=message.step,
                channel=message.channel,
                reason=message.reason,
                by_hand=by_hand.get(message.origin_id),
                campaign=of_campaign.get(message.origin_id),
            )
