"""Who works in the shop."""

from datetime import datetime
from uuid import UUID

from ninja import Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.pages import Page
from ripresa.usecases.members.listing import Member
from ripresa.usecases.members.listing import list_members as everybody

router = Router(tags=["members"])


class ShopMember(BaseModel):
    """Somebody who works in the shop, or is asked to join it.

    `role`: owner, marketer, agent or viewer. `has_second_factor`: signs in with more than a password.
    """

    id: UUID
    email: str
    role: str
    is_invited: bool
    has_second_factor: bool
    latest_sign_in_at: datetime | None

    @classmethod
    def of(cls, one: Member) -> "ShopMember":
        """The same, as it travels."""
        return cls(
            id=one.membership.id,
            email=one.email,
            role=one.membership.role,
            is_invited=one.membership.invited_at is not None,
            has_second_factor=one.has_second_factor,
            latest_sign_in_at=one.latest_sign_in,
        )


@router.get("/members", response=Page[ShopMember], auth=READ, operation_id="list_members")
def list_members(request: ApiRequest) -> Page[ShopMember]:
    """Everybody of the shop by address, on one page."""
    items = [ShopMember.of(one) for one in everybody(request.shop.id)]
    return Page[ShopMember](items=items, next=None)
