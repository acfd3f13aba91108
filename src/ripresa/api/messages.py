"""Messages: what was planned, sent or not, what it said, every decision about it; and one by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, SEND, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Instant, Maybe
from ripresa.api.shapes.by_hand import LookShape, ObstacleShape, SendByHand
from ripresa.api.shapes.trail import Heard
from ripresa.domain.coupons.pools import NoSuchPool
from ripresa.domain.messages import queries as outbox
from ripresa.domain.messages.feedback import feedback_of_messages
from ripresa.domain.messages.models import Message, MessageContent
from ripresa.domain.messages.queries import MessageFilter, decisions_on, list_messages
from ripresa.usecases import send_by_hand as use_case
from ripresa.usecases.send_by_hand import Wanted

router = Router(tags=["messages"])

State = Literal["planned", "sending", "sent", "skipped", "cancelled", "failed", "unknown"]
Channel = Literal["email", "sms", "letter", "agent"]


class MessageSummary(BaseModel):
    """One communication in one channel. planned: looked at again at `due_at`; `reason`: what holds it.

    `rule` is what allowed it, `origin_kind` and `origin_id` what is behind it:
    a recovery, with `campaign` one of its people, or with `manual` somebody who sent it by hand. `delivery`
    is what was heard since: it stands after what was told, not after the receipt.
    """

    id: UUID
    origin_kind: str
    origin_id: UUID
    step: str
    step_number: int
    channel: str
    template: str
    contact_id: UUID
    cart_id: UUID | None
    state: str
    reason: str | None
    rule: str | None
    planned_for: datetime
    due_at: datetime | None
    handed_over_at: datetime | None
    settled_at: datetime | None
    attempts: int
    to_address: str | None
    subject: str | None
    language: str | None
    coupon_code: str | None
    coupon_expires_at: datetime | None
    receipt: str | None
    delivery: Literal["accepted", "delayed", "delivered", "bounced", "cancelled"] | None
    delivered_at: datetime | None
    bounce_reason: str | None

    @classmethod
    def fields(cls, message: Message) -> dict[str, Any]:
        """Its values."""
        return {name: getattr(message, name) for name in MessageSummary.model_fields}


class Content(BaseModel):
    """What it said."""

    subject: str
    html: str
    text: str

    @classmethod
    def of(cls, content: MessageContent) -> "Content":
        """The same, as it travels."""
        html, text = content.said()
        return cls(subject=content.subject, html=html, text=text)


class DecisionShape(BaseModel):
    """One decision, with the facts it was taken on."""

    at: datetime
    outcome: str
    reason: str
    facts: dict[str, Any]


class MessageDetail(MessageSummary):
    """A message with its words, once they were composed, the decisions on it, and what was heard of it."""

    content: Content | None
    decisions: list[DecisionShape]
    heard: list[Heard]


class SentByHand(BaseModel):
    """The message that was planned, and what holds it back, if anything does."""

    message: MessageSummary
    obstacles: list[ObstacleShape]


class MessagesAsked(Paging):
    """Which messages; `planned_until` is exclusive."""

    state: Annotated[list[State], Field(default_factory=list, description="Any of these.")]
    channel: Maybe[Channel] = None
    contact_id: Maybe[UUID] = None
    cart_id: Maybe[UUID] = None
    recovery_id: Maybe[UUID] = None
    planned_from: Maybe[Instant] = None
    planned_until: Maybe[Instant] = None


@router.get("/messages", response=Page[MessageSummary], auth=READ, operation_id="list_messages")
def list_all(request: ApiRequest, asked: Query[MessagesAsked]) -> Page[MessageSummary]:
    """Messages, those planned latest first."""
    only = MessageFilter(
        states=tuple(asked.state),
        channel=asked.channel,
        contact_id=asked.contact_id,
        cart_id=asked.cart_id,
        origin_id=asked.recovery_id,
        planned_from=asked.planned_from,
        planned_until=asked.planned_until,
    )
    found = list_messages(
        request.shop.id, only, older_than=by_id(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    items = [MessageSummary(**MessageSummary.fields(row)) for row in rows]
    return Page[MessageSummary](items=items, next=following)


@router.get("/messages/{message_id}", response=MessageDetail, auth=READ, operation_id="get_message")
def get_message(request: ApiRequest, message_id: UUID) -> MessageDetail:
    """One message: what it said, and why it went, waits or never left."""
    message = outbox.find_message(request.shop.id, message_id)
    if message is None:
        raise NotFound("message")
    said = outbox.find_content(request.shop.id, message_id)
    return MessageDetail(
        **MessageSummary.fields(message),
        content=None if said is None else Content.of(said),
        decisions=[
            DecisionShape(at=each.at, outcome=each.outcome, reason=each.reason, facts=each.facts)
            for each in decisions_on(message)
        ],
        heard=[Heard.of(one) for one in feedback_of_messages(request.shop.id, [message_id])],
    )


@router.post(
    "/carts/{cart_id}/messages/look",
    response=LookShape,
    auth=READ,
    operation_id="look_before_sending",
)
def look(request: ApiRequest, cart_id: UUID, asked: SendByHand) -> LookShape:
    """What would become of a message sent by hand now. Nothing is sent and nothing is kept."""
    with _asking():
        seen = use_case.look(
            shop_id=request.shop.id, wanted=_wanted(request, cart_id, asked), now=request.now
        )
    return LookShape.of(seen)


@router.post(
    "/carts/{cart_id}/messages",
    response={201: SentByHand},
    auth=SEND,
    operation_id="send_by_hand",
)
def send(request: ApiRequest, cart_id: UUID, asked: SendByHand) -> Status[SentByHand]:
    """Send a message for a cart by hand: it leaves at once, or when what holds it back is over.

    409 where it must not be sent: an order, a refusal, a suppressed address, the hold-out and the like.
    """
    with _asking():
        planned = use_case.send_by_hand(
            shop_id=request.shop.id, wanted=_wanted(request, cart_id, asked), now=request.now
        )
    message = outbox.find_message(request.shop.id, planned.message_id)
    if message is None:
        raise NotFound("message")
    summary = MessageSummary(**MessageSummary.fields(message))
    obstacles = [ObstacleShape.of(one) for one in planned.look.obstacles]
    return Status(201, SentByHand(message=summary, obstacles=obstacles))


def _wanted(request: ApiRequest, cart_id: UUID, asked: SendByHand) -> Wanted:
    return Wanted(
        cart_id,
        asked.template,
        asked.who or f"API: {request.auth.label or request.auth.id}",
        asked.channel,
        asked.coupon,
        tuple(sorted(set(asked.overrides))),
    )


@contextmanager
def _asking() -> Iterator[None]:
    """What the use case refuses, as problems."""
    try:
        yield
    except use_case.NoSuchCart:
        raise NotFound("cart") from None
    except NoSuchPool as wrong:
        raise Refused.field("coupon", str(wrong)) from None
    except use_case.NobodyThere as wrong:
        raise Refused(409, str(wrong)) from None
    except use_case.NotAsked as wrong:
        raise Refused.field(wrong.field, str(wrong)) from None
    except use_case.NotPossible as wrong:
        raise Refused(409, str(wrong)) from None
