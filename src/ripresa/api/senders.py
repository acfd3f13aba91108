"""Stored senders: who mails come from."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Maybe, Words
from ripresa.domain.messages import senders
from ripresa.domain.messages.models import Sender
from ripresa.domain.messages.senders import NewSender, SenderExists, SenderInUse
from ripresa.usecases.providers import stored_senders as use_case

router = Router(tags=["senders"])


class SenderShape(BaseModel):
    """Who mails come from. `paused_at` set: what would leave under it waits, for `paused_reason`."""

    id: UUID
    email: str
    name: str
    reply_to: str
    paused_at: datetime | None
    paused_reason: str

    @classmethod
    def of(cls, one: Sender) -> "SenderShape":
        """The same, as it travels."""
        return cls(
            id=one.id,
            email=one.email,
            name=one.name,
            reply_to=one.reply_to,
            paused_at=one.paused_at,
            paused_reason=one.paused_reason,
        )


class SenderToAdd(Asked):
    """A sender to store. Scenarios name it by its address or name."""

    email: Words
    name: Words
    reply_to: Words = ""


class SenderChange(Asked):
    """What is to change; what is left out stays."""

    name: Maybe[Words] = None
    reply_to: Maybe[Words] = None


class Held(Asked):
    """Why a sender is held."""

    reason: Annotated[Words, Field(min_length=1)] = "held by hand"


@router.get("/senders", response=Page[SenderShape], auth=READ, operation_id="list_senders")
def get_senders(request: ApiRequest) -> Page[SenderShape]:
    """All senders of the shop by address, on one page."""
    items = [SenderShape.of(one) for one in senders.list_senders(request.shop.id)]
    return Page[SenderShape](items=items, next=None)


@router.post("/senders", response={201: SenderShape}, auth=WRITE, operation_id="add_sender")
def add_sender(request: ApiRequest, asked: SenderToAdd) -> Status[SenderShape]:
    """Store a sender."""
    sender = NewSender(asked.email.strip(), asked.name.strip(), asked.reply_to.strip())
    try:
        made = use_case.add_sender(shop_id=request.shop.id, sender=sender, now=request.now)
    except use_case.NotASender as wrong:
        raise Refused.field(wrong.field, str(wrong)) from None
    except SenderExists as taken:
        raise Refused(409, str(taken)) from None
    return Status(201, SenderShape.of(made))


@router.get("/senders/{sender_id}", response=SenderShape, auth=READ, operation_id="get_sender")
def get_sender(request: ApiRequest, sender_id: UUID) -> SenderShape:
    """One sender."""
    return SenderShape.of(_find(request, sender_id))


@router.patch(
    "/senders/{sender_id}", response=SenderShape, auth=WRITE, operation_id="change_sender"
)
def change_sender(request: ApiRequest, sender_id: UUID, asked: SenderChange) -> SenderShape:
    """Change name or reply-to; mails composed from now on have them."""
    sender = _find(request, sender_id)
    try:
        use_case.change_sender(sender, name=asked.name, reply_to=asked.reply_to, now=request.now)
    except use_case.NotASender as wrong:
        raise Refused.field(wrong.field, str(wrong)) from None
    return SenderShape.of(_find(request, sender_id))


@router.post(
    "/senders/{sender_id}/pause", response=SenderShape, auth=WRITE, operation_id="pause_sender"
)
def pause_sender(request: ApiRequest, sender_id: UUID, asked: Held) -> SenderShape:
    """Hold what would leave under a sender. Nothing planned is lost."""
    use_case.pause_sender(_find(request, sender_id), asked.reason, now=request.now)
    return SenderShape.of(_find(request, sender_id))


@router.post(
    "/senders/{sender_id}/resume", response=SenderShape, auth=WRITE, operation_id="resume_sender"
)
def resume_sender(request: ApiRequest, sender_id: UUID) -> SenderShape:
    """Let a sender send again; what waited is due at once."""
    use_case.resume_sender(_find(request, sender_id), now=request.now)
    return SenderShape.of(_find(request, sender_id))


@router.delete(
    "/senders/{sender_id}", response={204: None}, auth=WRITE, operation_id="remove_sender"
)
def remove_sender(request: ApiRequest, sender_id: UUID) -> Status[None]:
    """Forget a sender that has sent nothing and that no scenario names."""
    try:
        use_case.remove_sender(_find(request, sender_id), now=request.now)
    except SenderInUse as used:
        raise Refused(409, str(used)) from None
    return Status(204, None)


def _find(request: ApiRequest, sender_id: UUID) -> Sender:
    sender = senders.find_sender(shop_id=request.shop.id, sender_id=sender_id)
    if sender is None:
        raise NotFound("sender")
    return sender
