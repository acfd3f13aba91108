"""Who earned each order and why, how that is set, and touchpoints from outside."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Amount, Asked, Instant, Maybe, Switch, Words
from ripresa.api.reports.asking import Day
from ripresa.domain.attribution.credit import Model
from ripresa.domain.attribution.outside import NewTouch, add_touchpoints
from ripresa.domain.attribution.rolling import settings_of
from ripresa.usecases.reporting.figures import Only
from ripresa.usecases.reporting.keeping import NotASetting, change_settings
from ripresa.usecases.reporting.orders import Credited, explain_order, find_order, list_credits
from ripresa.usecases.reporting.outside_file import key_of
from ripresa.usecases.reporting.telling import tell_story

router = Router(tags=["reports"])
MOST_TOUCHES = 5_000
_EARLIEST = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
_MONTH = re.compile(r"(19[7-9]\d|[2-8]\d{3})-(0[1-9]|1[0-2])", re.ASCII)


class ShareShape(BaseModel):
    """What one touchpoint got of an order. `touchpoint`: the message, the call, or what was imported."""

    at: datetime
    kind: str
    channel: str
    touchpoint: UUID
    message: UUID | None
    is_agents: bool
    shares: dict[str, str]


class CreditedShape(BaseModel):
    """An order that counts, with its shares by time; none where nothing earned it."""

    id: UUID
    order: str
    number: str
    placed_at: datetime
    worth: Amount
    shares: list[ShareShape]

    @classmethod
    def of(cls, found: Credited) -> "CreditedShape":
        """The same, as it travels."""
        order = found.order
        currency = order.currency or ""
        worth = Amount.of(order.total_minor - order.refunded_minor, currency)
        if order.placed_at is None or worth is None:
            raise AssertionError("an order that counts was placed in a currency")
        shares = [
            ShareShape(
                at=one.at,
                kind=one.kind,
                channel=one.channel,
                touchpoint=one.touch_id,
                message=one.message_id,
                is_agents=one.is_agents,
                shares={
                    model.value: _amount(getattr(one, f"{model.value}_minor"), currency)
                    for model in Model
                },
            )
            for one in found.shares
        ]
        return cls(
            id=order.id,
            order=order.external_id,
            number=order.number,
            placed_at=order.placed_at,
            worth=worth,
            shares=shares,
        )


class Orders(Paging):
    """Which orders: of days of the shop's zone, both ends included."""

    begin: Day
    until: Day


class TouchShape(BaseModel):
    """A touchpoint of an order, why it counts or not, and its shares by model where it has any."""

    at: datetime
    kind: str
    channel: str
    message: UUID | None
    why: str
    shares: dict[str, str]


class StoryShape(BaseModel):
    """Who earned one order and why. `is_agents`: an agent spoke with her, so e-mails earn nothing."""

    order: str
    number: str
    placed_at: datetime | None
    counted_until: datetime
    abandoned_at: datetime | None
    worth: Amount
    counts: bool
    is_agents: bool
    touchpoints: list[TouchShape]


class SettingsShape(BaseModel):
    """How orders are credited. `margin`: per cent of revenue left after the goods; null: not said."""

    window_days: float
    with_opens: bool
    margin: float | None


class SettingsIn(Asked):
    """What to change of it."""

    window_days: Maybe[Annotated[int, Field(ge=1, le=365, strict=True)]] = None
    with_opens: Maybe[Switch] = None
    margin: Maybe[Annotated[float, Field(ge=0, le=100, strict=True)]] = None


class TouchIn(Asked):
    """A touchpoint from outside, of a `person` (e-mail, phone with its +, the shop's id) or an `order`."""

    id: Annotated[Words, Field(min_length=1)]
    at: Instant
    kind: Literal["click", "agent", "letter", "open", "direct", "outside"] = "outside"
    channel: Words = "outside"
    person: Words = ""
    order: Words = ""
    is_machine: Switch = False


class TouchesIn(Asked):
    """Touchpoints that `source` tells."""

    source: Annotated[Words, Field(min_length=1)]
    touchpoints: Annotated[list[TouchIn], Field(min_length=1, max_length=MOST_TOUCHES)]


class AddedTouches(BaseModel):
    """How many were new."""

    new: int


@router.get(
    "/reports/orders", response=Page[CreditedShape], auth=READ, operation_id="report_orders"
)
def list_orders(request: ApiRequest, asked: Query[Orders]) -> Page[CreditedShape]:
    """Every order of some days that counts, with who got what of it under each model (RPT-4)."""
    after = by_id(request, asked)
    days = Only(asked.begin, asked.until)
    found = list_credits(request.shop.id, days, after=after, limit=asked.limit + 1)
    rows, following = cut(request, asked, found, lambda one: at_id(one.order.id))
    return Page[CreditedShape](items=[CreditedShape.of(one) for one in rows], next=following)


@router.get(
    "/reports/orders/{order_id}", response=StoryShape, auth=READ, operation_id="report_order"
)
def get_order(request: ApiRequest, order_id: UUID) -> dict[str, Any]:
    """Who earned an order and why: every touchpoint, whether it counts, and its share by each model."""
    order = find_order(request.shop.id, str(order_id))
    if order is None or order.currency is None:
        raise NotFound("order")
    return tell_story(explain_order(order))


@router.get("/reports/settings", response=SettingsShape, auth=READ, operation_id="report_settings")
def get_settings(request: ApiRequest) -> SettingsShape:
    """How orders are credited."""
    return _settings(request)


@router.patch(
    "/reports/settings", response=SettingsShape, auth=WRITE, operation_id="change_report_settings"
)
def patch_settings(request: ApiRequest, asked: SettingsIn) -> SettingsShape:
    """Change how orders are credited, for the past as well; figures follow within a minute."""
    try:
        change_settings(
            shop_id=request.shop.id,
            now=request.now,
            window=None if asked.window_days is None else timedelta(days=asked.window_days),
            with_opens=asked.with_opens,
            margin=None if asked.margin is None else round(asked.margin * 100),
        )
    except NotASetting as wrong:
        raise Refused(422, str(wrong)) from None
    return _settings(request)


@router.post(
    "/reports/touchpoints", response=AddedTouches, auth=WRITE, operation_id="add_touchpoints"
)
def post_touchpoints(request: ApiRequest, asked: TouchesIn) -> AddedTouches:
    """Tell of touchpoints from outside: fairs, calls, page visits. Safe to repeat; all or none."""
    touches = [_touch(asked.source, one, request.now) for one in asked.touchpoints]
    new = add_touchpoints(shop_id=request.shop.id, touches=touches, now=request.now)
    return AddedTouches(new=new)


def _touch(source: str, told: TouchIn, now: datetime) -> NewTouch:
    if bool(told.person) is bool(told.order):
        raise Refused.field("touchpoints", f"{told.id!r} must name a person or an order, not both")
    if not _EARLIEST <= told.at <= now:
        raise Refused.field("touchpoints", f"{told.id!r} lies ahead, or before 2000")
    try:
        key = key_of(told.person) if told.person else ""
    except ValueError as wrong:
        raise Refused.field("touchpoints", f"{told.id!r}: {wrong}") from None
    return NewTouch(
        source, told.id, told.at, told.kind, told.channel or "outside", key, told.order,
        told.is_machine,
    )  # fmt: skip


def _settings(request: ApiRequest) -> SettingsShape:
    found = settings_of(request.shop.id)
    return SettingsShape(
        window_days=found.window / timedelta(days=1),
        with_opens=found.with_opens,
        margin=None if found.margin is None else found.margin / 100,
    )


def _amount(minor: int, currency: str) -> str:
    found = Amount.of(minor, currency)
    return "" if found is None else found.amount
