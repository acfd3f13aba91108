"""What was heard and fits nothing: calls not believed, feedback and mails that name no message of ours."""

from datetime import datetime
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, at_time, by_id, by_time, cut
from ripresa.api.protocol.problems import NotFound
from ripresa.domain.mailroom import queries as mailroom
from ripresa.domain.mailroom.models import ReceivedMail
from ripresa.domain.messages import feedback
from ripresa.domain.messages.models import MessageFeedback
from ripresa.domain.providers import calls
from ripresa.domain.providers.models import ProviderCall

router = Router(tags=["providers"])


class CallShape(BaseModel):
    """A call of a provider or shop that was not believed or could not be read; kept for 30 days.

    `account_id`: the account or connection whose address it came to. What it said is not shown: nobody
    knows who wrote it.
    """

    id: UUID
    account_id: UUID
    method: str
    size: int
    received_at: datetime
    refused_at: datetime | None
    detail: str

    @classmethod
    def of(cls, one: ProviderCall) -> "CallShape":
        """The same, as it travels."""
        own = [name for name in cls.model_fields if name != "size"]
        return cls(size=len(one.body), **{name: getattr(one, name) for name in own})


class StrayShape(BaseModel):
    """Something told of a message that is none of ours, or of none that can be named."""

    id: UUID
    source: str
    kind: str
    channel: str
    recipient: str | None
    reason: str | None
    is_permanent: bool
    occurred_at: datetime
    received_at: datetime
    detail: str
    text: str

    @classmethod
    def of(cls, one: MessageFeedback) -> "StrayShape":
        """The same, as it travels."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class MailShape(BaseModel):
    """A mail that came in and was not understood: unmatched, unreadable or undeliverable. Kept a month."""

    id: UUID
    source: str
    sender: str
    recipient: str
    received_at: datetime
    outcome: str | None
    detail: str

    @classmethod
    def of(cls, one: ReceivedMail) -> "MailShape":
        """The same, as it travels."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class WholeMail(MailShape):
    """The same with what it says: the mail as it came in, what is no UTF-8 replaced."""

    raw: str


@router.get(
    "/refused-calls", response=Page[CallShape], auth=READ, operation_id="list_refused_calls"
)
def get_refused_calls(request: ApiRequest, asked: Query[Paging]) -> Page[CallShape]:
    """Calls that were not believed or could not be read, the latest first."""
    found = calls.list_refused(
        request.shop.id, before=by_time(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_time(_refused_at(row), row.id))
    return Page[CallShape](items=[CallShape.of(row) for row in rows], next=following)


@router.get(
    "/unmatched-feedback",
    response=Page[StrayShape],
    auth=READ,
    operation_id="list_unmatched_feedback",
)
def get_unmatched_feedback(request: ApiRequest, asked: Query[Paging]) -> Page[StrayShape]:
    """What providers told that names no message of ours, the latest first."""
    found = feedback.list_unmatched(
        request.shop.id, before=by_time(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_time(row.occurred_at, row.id))
    return Page[StrayShape](items=[StrayShape.of(row) for row in rows], next=following)


@router.get(
    "/unmatched-mails", response=Page[MailShape], auth=READ, operation_id="list_unmatched_mails"
)
def get_unmatched_mails(request: ApiRequest, asked: Query[Paging]) -> Page[MailShape]:
    """Mails that came back and were not understood, the latest first."""
    found = mailroom.list_kept(
        request.shop.id, older_than=by_id(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    return Page[MailShape](items=[MailShape.of(row) for row in rows], next=following)


@router.get(
    "/unmatched-mails/{mail_id}", response=WholeMail, auth=READ, operation_id="get_unmatched_mail"
)
def get_unmatched_mail(request: ApiRequest, mail_id: UUID) -> WholeMail:
    """One of them, whole."""
    found = mailroom.find_kept(request.shop.id, mail_id)
    if found is None:
        raise NotFound("mail")
    raw = bytes(found.raw).decode("utf-8", "replace").replace("\0", "\ufffd")
    return WholeMail(raw=raw, **MailShape.of(found).model_dump())


def _refused_at(call: ProviderCall) -> datetime:
    return call.refused_at or call.received_at
