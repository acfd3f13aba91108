"""Messages: what was planned, sent or not, what it said, and every decision about it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound
from ripresa.api.protocol.values import Instant, Maybe
from ripresa.domain.messages import queries as outbox
from ripresa.domain.messages.models import Message, MessageContent
from ripresa.domain.messages.search import MessageFilter, decisions_on, list_messages

router = Router(tags=["messages"])

State = Literal["planned", "sending", "sent", "skipped", "cancelled", "failed", "unknown"]
Channel = Literal["email", "sms", "letter", "agent"]


class MessageSummary(BaseModel):
    """One communication in one channel. planned: looked at again at `due_at`; `reason`: what holds it.

    `rule` is what allowed it, `origin_id` the recovery behind it.
    """

    id: UUID
    origin_kind: str
    origin_id: UUID
    step: str
    step_number: int
    channel: str
    template: str
    contact_id: UUID
    cart_id: UUID
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
        return cls(subject=content.subject, html=content.html, text=content.text)


class DecisionShape(BaseModel):
    """One decision, with the facts it was taken on."""

    at: datetime
    outcome: str
    reason: str
    facts: dict[str, Any]


class MessageDetail(MessageSummary):
    """A message with its words, once they were composed, and the decisions on it in order."""

    content: Content | None
    decisions: list[DecisionShape]


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
    )
