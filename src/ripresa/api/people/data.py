"""What is kept of a person: told, and erased."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.problems import NotFound
from ripresa.usecases.personal_data.erase import NobodyThere, erase_contact
from ripresa.usecases.personal_data.export import collect

router = Router(tags=["contacts"])


class DataShape(BaseModel):
    """Everything that is kept of a person, table by table, as it is stored."""

    contact: UUID
    told_at: datetime
    keys: list[str]
    data: dict[str, list[dict[str, Any]]]


class ErasedShape(BaseModel):
    """What was done: rows by table, deleted or stripped."""

    contact: UUID
    rows: dict[str, int]


@router.get(
    "/contacts/{contact_id}/data",
    response=DataShape,
    auth=READ,
    operation_id="export_contact",
)
def export_contact(request: ApiRequest, contact_id: UUID) -> DataShape:
    """Everything that is kept of a person, from every table."""
    data = collect(shop_id=request.shop.id, contact_id=contact_id, now=request.now)
    if data is None:
        raise NotFound("contact")
    return DataShape(**data.plain())


@router.post(
    "/contacts/{contact_id}/erase",
    response=ErasedShape,
    auth=WRITE,
    operation_id="erase_contact",
)
def erase(request: ApiRequest, contact_id: UUID) -> ErasedShape:
    """Erase a person for good. Figures stay without her; nothing brings her back."""
    try:
        done = erase_contact(
            shop_id=request.shop.id,
            contact_id=contact_id,
            by=f"API key {request.auth.label}".strip(),
            now=request.now,
        )
    except NobodyThere:
        raise NotFound("contact") from None
    return ErasedShape(contact=done.contact_id, rows=done.rows)
