"""Addresses never to be used: read, added to, and taken off."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import Refused
from ripresa.api.protocol.values import Asked, Words
from ripresa.domain.contacts.models import Suppression
from ripresa.domain.contacts.suppressions import by_hand
from ripresa.domain.contacts.suppressions.by_hand import Deed
from ripresa.usecases.consent import suppressions as use_case

router = Router(tags=["consent"])


class SuppressionShape(BaseModel):
    """An address that is never used, and why."""

    id: UUID
    channel: str
    address: str
    cause: str
    detail: str
    created_at: datetime

    @classmethod
    def of(cls, row: Suppression) -> "SuppressionShape":
        """The same, as it travels."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class SuppressAsked(Asked):
    """An e-mail address, a number, or the SHA-256 of an address; and why."""

    address: Annotated[Words, Field(min_length=1)]
    reason: Words = ""


class LiftAsked(SuppressAsked):
    """The same; `confirm` for what a complaint or a hard bounce put there."""

    confirm: bool = False


class Done(BaseModel):
    """How many entries were changed."""

    changed: int


@router.get(
    "/suppressions",
    response=Page[SuppressionShape],
    auth=READ,
    operation_id="list_suppressions",
)
def list_suppressions(request: ApiRequest, asked: Query[Paging]) -> Page[SuppressionShape]:
    """The list, the newest first."""
    found = by_hand.list_newest(
        request.shop.id, older_than=by_id(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    return Page[SuppressionShape](items=[SuppressionShape.of(row) for row in rows], next=following)


@router.post("/suppressions", response=Done, auth=WRITE, operation_id="suppress_address")
def suppress(request: ApiRequest, said: SuppressAsked) -> Done:
    """Put an address on the list: nothing goes there any more, whatever she consents to."""
    try:
        use_case.suppress_address(
            shop_id=request.shop.id, text=said.address, deed=_deed(request, said), now=request.now
        )
    except use_case.NotAnAddress as wrong:
        raise Refused.field("address", str(wrong)) from None
    return Done(changed=1)


@router.post("/suppressions/lift", response=Done, auth=WRITE, operation_id="lift_suppression")
def lift(request: ApiRequest, said: LiftAsked) -> Done:
    """Take an address off the list. 409 for a complaint or a hard bounce without `confirm`."""
    try:
        lifted = use_case.lift_suppression(
            shop_id=request.shop.id,
            text=said.address,
            deed=_deed(request, said),
            confirmed=said.confirm,
            now=request.now,
        )
    except use_case.NotAnAddress as wrong:
        raise Refused.field("address", str(wrong)) from None
    except (use_case.NotListed, use_case.NeedsConfirmation) as wrong:
        raise Refused(409, str(wrong)) from None
    return Done(changed=len(lifted))


def _deed(request: ApiRequest, said: SuppressAsked) -> Deed:
    return Deed(f"API key {request.auth.label}".strip(), said.reason)
