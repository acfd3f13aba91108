"""Who is who, by a person's word: two people merged, a merge taken back."""

from typing import Annotated
from uuid import UUID

from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Words
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact
from ripresa.usecases.contacts import look_after_person
from ripresa.usecases.contacts.merge_contacts import (
    CannotMerge,
    Side,
    Together,
    merge_contacts,
    preview_merge,
)
from ripresa.usecases.contacts.split_contact import CannotSplit

router = Router(tags=["contacts"])


class SideShape(BaseModel):
    """One of two people, with what is hers."""

    contact_id: UUID
    keys: list[str]
    carts: int
    orders: int
    messages: int

    @classmethod
    def of(cls, side: Side) -> "SideShape":
        """The same, as it travels."""
        return cls(
            contact_id=side.contact.id,
            keys=list(side.keys),
            carts=side.carts,
            orders=side.orders,
            messages=side.messages,
        )


class TogetherShape(BaseModel):
    """Two people as one: `stays` has the id from then on. `refused`: channels in which either has said no."""

    stays: SideShape
    joins: SideShape
    refused: list[str]

    @classmethod
    def of(cls, told: Together) -> "TogetherShape":
        """The same, as it travels."""
        return cls(
            stays=SideShape.of(told.stays),
            joins=SideShape.of(told.joins),
            refused=list(told.refused),
        )


class OtherPerson(Asked):
    """Who is the same person."""

    other_id: UUID


class KeysToPart(Asked):
    """What belongs to somebody else: email:ADDRESS, customer:ID."""

    keys: Annotated[list[Words], Field(min_length=1, max_length=100)]


class PartedShape(BaseModel):
    """What becomes somebody else, and what stays."""

    taken_out: list[str]
    left_behind: list[str]


@router.post(
    "/contacts/{contact_id}/merge/preview",
    response=TogetherShape,
    auth=READ,
    operation_id="preview_merge",
)
def look(request: ApiRequest, contact_id: UUID, asked: OtherPerson) -> TogetherShape:
    """What a merge would bring together; changes nothing."""
    _find(request, contact_id)
    try:
        told = preview_merge(
            shop_id=request.shop.id, contact_id=contact_id, other_id=asked.other_id
        )
    except CannotMerge as wrong:
        raise Refused(409, str(wrong)) from None
    return TogetherShape.of(told)


@router.post(
    "/contacts/{contact_id}/merge",
    response={202: TogetherShape},
    auth=WRITE,
    operation_id="merge_contacts",
)
def merge(request: ApiRequest, contact_id: UUID, asked: OtherPerson) -> Status[TogetherShape]:
    """Make two people one; a worker does it with the next events."""
    _find(request, contact_id)
    try:
        told = merge_contacts(
            shop_id=request.shop.id,
            contact_id=contact_id,
            other_id=asked.other_id,
            now=request.now,
        )
    except CannotMerge as wrong:
        raise Refused(409, str(wrong)) from None
    return Status(202, TogetherShape.of(told))


@router.post(
    "/contacts/{contact_id}/split",
    response={202: PartedShape},
    auth=WRITE,
    operation_id="split_contact",
)
def split(request: ApiRequest, contact_id: UUID, asked: KeysToPart) -> Status[PartedShape]:
    """Take keys out of a person who is two, for good; a worker does it with the next events."""
    contact = _find(request, contact_id)
    if set(asked.keys) - set(contacts.keys_of(request.shop.id, contact_id)):
        raise Refused.field("keys", "these are not all keys of this person")
    try:
        parted = look_after_person.part_keys(contact, asked.keys, now=request.now)
    except CannotSplit as wrong:
        raise Refused(409, str(wrong)) from None
    told = PartedShape(taken_out=list(parted.taken_out), left_behind=list(parted.left_behind))
    return Status(202, told)


def _find(request: ApiRequest, contact_id: UUID) -> Contact:
    found = contacts.find_contact(request.shop.id, contact_id)
    if found is None or found.erased_at is not None:
        raise NotFound("contact")
    return found
