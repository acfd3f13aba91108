"""Approvals: ask for a second person's word, and give it in the name of whoever made the key."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import AfterValidator, BaseModel, Field

from ripresa.api.protocol.access import APPROVE, READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Maybe, Words, storable
from ripresa.api.shapes.yaml_file import invalid
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.shops.models import Approval
from ripresa.usecases.approvals import asking
from ripresa.usecases.approvals.asking import NotToBeDecided
from ripresa.usecases.scenarios import approval_questions

router = Router(tags=["approvals"])


class ApprovalShape(BaseModel):
    """A question and its answer. It holds for `text` alone, the file as it was asked about.

    `is_approved`: null as long as it waits. `asked_by`, `decided_by`: member.<number>, key.<id> or
    command_line.
    """

    id: UUID
    about: str
    subject_id: UUID
    subject_name: str
    text: str
    facts: dict[str, Any]
    asked_by: str
    asked_at: datetime
    is_approved: bool | None
    decided_by: str
    decided_at: datetime | None
    reason: str

    @classmethod
    def of(cls, one: Approval) -> "ApprovalShape":
        """The same, as it travels."""
        fields = cls.model_fields.keys() - {"about"}
        told: dict[str, Any] = {name: getattr(one, name) for name in fields}
        return cls(about=one.subject_kind, **told)


class ApprovalsAsked(Paging):
    """Which: those that wait (true), or those that were answered (false)."""

    is_open: Maybe[bool] = None


class Question(Asked):
    """A scenario or a campaign as it is, or with `text` the file of a scenario's next version."""

    about: Literal["scenario", "campaign"]
    subject_id: UUID
    text: Maybe[Annotated[str, Field(max_length=100_000), AfterValidator(storable)]] = None


class Approved(Asked):
    """What to mind."""

    reason: Words = ""


class NotApproved(Asked):
    """What has to be mended."""

    reason: Annotated[Words, Field(min_length=1)]


@router.get("/approvals", response=Page[ApprovalShape], auth=READ, operation_id="list_approvals")
def list_approvals(request: ApiRequest, asked: Query[ApprovalsAsked]) -> Page[ApprovalShape]:
    """Questions, the newest first."""
    found = asking.list_approvals(
        request.shop.id,
        is_open=asked.is_open,
        older_than=by_id(request, asked),
        limit=asked.limit + 1,
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    return Page[ApprovalShape](items=[ApprovalShape.of(row) for row in rows], next=following)


@router.post(
    "/approvals", response={201: ApprovalShape}, auth=WRITE, operation_id="ask_for_approval"
)
def ask(request: ApiRequest, asked: Question) -> Status[ApprovalShape]:
    """Ask; asked already for the same, that question stands. It counts as asked by whoever made the key."""
    try:
        if asked.text is None:
            found = approval_questions.find(request.shop, asked.about, asked.subject_id)
        else:
            found = approval_questions.next_version(request.shop, asked.subject_id, asked.text)
    except ScenarioInvalid as wrong:
        raise invalid(wrong) from None
    if found is None:
        raise Refused.field("subject_id", f"the shop has no such {asked.about}")
    matter, facts = found
    made = asking.ask(shop_id=request.shop.id, matter=matter, facts=facts, now=request.now)
    return Status(201, ApprovalShape.of(made))


@router.get(
    "/approvals/{approval_id}", response=ApprovalShape, auth=READ, operation_id="get_approval"
)
def get_approval(request: ApiRequest, approval_id: UUID) -> ApprovalShape:
    """One question with the file that it is about."""
    return ApprovalShape.of(_find(request, approval_id))


@router.post(
    "/approvals/{approval_id}/approve",
    response=ApprovalShape,
    auth=APPROVE,
    operation_id="approve_approval",
)
def approve(request: ApiRequest, approval_id: UUID, asked: Approved) -> ApprovalShape:
    """Let it go live, as whoever made the key: 409 if she has asked herself, by a key too."""
    return _decide(request, approval_id, is_approved=True, reason=asked.reason)


@router.post(
    "/approvals/{approval_id}/refuse",
    response=ApprovalShape,
    auth=APPROVE,
    operation_id="refuse_approval",
)
def refuse(request: ApiRequest, approval_id: UUID, asked: NotApproved) -> ApprovalShape:
    """Say what has to be mended first; otherwise as approving."""
    return _decide(request, approval_id, is_approved=False, reason=asked.reason)


def _decide(
    request: ApiRequest, approval_id: UUID, *, is_approved: bool, reason: str
) -> ApprovalShape:
    _find(request, approval_id)
    try:
        decided = asking.decide(
            shop_id=request.shop.id,
            approval_id=approval_id,
            is_approved=is_approved,
            reason=reason,
            now=request.now,
        )
    except NotToBeDecided as refused:
        raise Refused(409, str(refused)) from None
    return ApprovalShape.of(decided)


def _find(request: ApiRequest, approval_id: UUID) -> Approval:
    found = asking.find(request.shop.id, approval_id)
    if found is None:
        raise NotFound("approval")
    return found
