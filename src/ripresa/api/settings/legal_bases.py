"""What a shop asks beyond the legal presets."""

from typing import Any

from ninja import Body, Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, SEND, ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.domain.scenarios.legal_basis.own import (
    BadBases,
    OwnBases,
    read_bases,
    stored_bases,
)
from ripresa.usecases.consent import own_bases

router = Router(tags=["shop"])


class OwnBasisShape(BaseModel):
    """What must hold for one country in one channel: a yes, or the rule of that name."""

    country: str
    channel: str
    rule: str


class OwnBasesShape(BaseModel):
    """All that the shop asks beyond the presets."""

    own: list[OwnBasisShape]

    @classmethod
    def of(cls, bases: OwnBases) -> "OwnBasesShape":
        """The same, as they travel."""
        return cls(own=[OwnBasisShape(**one) for one in own_bases.told(bases)])


class BasesChangeShape(BaseModel):
    """What they would do to the next `looked_at` messages that wait; `is_all` unless there are more."""

    looked_at: int
    is_all: bool
    stopped: int
    people: int
    freed: int


@router.get(
    "/shop/legal-bases", response=OwnBasesShape, auth=READ, operation_id="get_own_legal_bases"
)
def get_own_legal_bases(request: ApiRequest) -> OwnBasesShape:
    """What the shop asks beyond the legal presets."""
    return OwnBasesShape.of(stored_bases(request.shop.own_bases))


@router.put(
    "/shop/legal-bases", response=OwnBasesShape, auth=SEND, operation_id="put_own_legal_bases"
)
def put_own_legal_bases(request: ApiRequest, said: Body[dict[str, Any]]) -> OwnBasesShape:
    """Set it, all of it; never laxer than the preset `by_country`."""
    bases = _read(said)
    own_bases.change_bases(shop_id=request.shop.id, bases=bases, now=request.now)
    return OwnBasesShape.of(bases)


@router.post(
    "/shop/legal-bases/preview",
    response=BasesChangeShape,
    auth=READ,
    operation_id="preview_own_legal_bases",
)
def preview_own_legal_bases(request: ApiRequest, said: Body[dict[str, Any]]) -> BasesChangeShape:
    """What it would change for messages that wait; nothing is stored."""
    told = own_bases.preview_bases(shop=request.shop, bases=_read(said), now=request.now)
    return BasesChangeShape(**told._asdict())


def _read(said: dict[str, Any]) -> OwnBases:
    if said.keys() != {"own"}:
        raise Refused(422, "say own: a list of country, channel and rule")
    try:
        return read_bases(said["own"])
    except BadBases as wrong:
        raise Refused(422, f"own{wrong}" if str(wrong).startswith("[") else str(wrong)) from None
