"""The shop's own quiet hours."""

from typing import Any

from ninja import Body, Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, SEND, ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.domain.scenarios.hours.document import BadHours, ShopHours, read_hours
from ripresa.usecases.shops import shop_hours

router = Router(tags=["shop"])


class HoursShape(BaseModel):
    """A shop's own hours, inside which every scenario's lie; empty lists: at any time."""

    hours: list[dict[str, Any]]
    holidays: list[dict[str, Any]]
    holiday_channels: list[str]

    @classmethod
    def of(cls, hours: ShopHours) -> "HoursShape":
        """The same, as they travel."""
        return cls(**{"hours": [], "holidays": [], "holiday_channels": ["sms"], **hours.told()})


class NeverShape(BaseModel):
    """A scenario that could never send in a channel: its window lies outside those hours."""

    scenario: str
    channel: str


class HoursChangeShape(BaseModel):
    """What hours would do to the next `looked_at` messages that wait; `is_all` unless there are more."""

    looked_at: int
    is_all: bool
    later: int
    earlier: int
    never: list[NeverShape]


@router.get("/shop/hours", response=HoursShape, auth=READ, operation_id="get_hours")
def get_hours(request: ApiRequest) -> HoursShape:
    """The shop's own hours."""
    return HoursShape.of(read_hours(request.shop.hours))


@router.put("/shop/hours", response=HoursShape, auth=SEND, operation_id="put_hours")
def put_hours(request: ApiRequest, said: Body[dict[str, Any]]) -> HoursShape:
    """Set them all; what waits for the hours before is looked at again at once."""
    hours = _read(said)
    shop_hours.change_hours(shop_id=request.shop.id, hours=hours, now=request.now)
    return HoursShape.of(hours)


@router.post(
    "/shop/hours/preview", response=HoursChangeShape, auth=READ, operation_id="preview_hours"
)
def preview_hours(request: ApiRequest, said: Body[dict[str, Any]]) -> HoursChangeShape:
    """What they would change for messages that wait; nothing is stored."""
    told = shop_hours.preview_hours(shop=request.shop, hours=_read(said), now=request.now)
    never = [NeverShape(scenario=name, channel=channel) for name, channel in told.never]
    return HoursChangeShape(**{**told._asdict(), "never": never})


def _read(said: dict[str, Any]) -> ShopHours:
    try:
        return read_hours(said)
    except BadHours as wrong:
        raise Refused(422, str(wrong)) from None
