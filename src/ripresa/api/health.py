"""Capture health: whether everything is heard, and everything leaves."""

from datetime import datetime
from typing import Annotated

from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.values import Asked
from ripresa.usecases.health.telling import DAYS, tell_health

router = Router(tags=["shop"])


class _Told(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class HourShape(_Told):
    """Carts begun in the hour that begins `at`; `usual` null: too little is known to say."""

    at: datetime
    seen: int
    usual: float | None


class KnownOrdersShape(_Told):
    """Orders of one source and device, and how many of them had a cart that was known before payment."""

    source: str
    device: str
    orders: int
    known: int


class ProviderErrorsShape(_Told):
    """Messages of the last day that a provider refused (failed) or may have lost (unknown)."""

    channel: str
    state: str
    reason: str | None
    count: int
    latest_at: datetime


class ConnectionHealthShape(_Told):
    """When a connection last heard of its shop; `trouble`: why it can't be asked."""

    name: str
    platform: str
    last_heard_at: datetime | None
    asked_until: datetime | None
    trouble: str
    is_closed: bool


class HealthShape(_Told):
    """How the shop stands.

    `is_quiet`: far fewer carts than usual at this hour of the week; null: too little is known to tell.
    `seen` and `usual` carts in the latest whole `hours`; `by_hour`: in each of the latest 48.
    `known_share`: of orders, those whose cart was known before payment. `due_late`: messages that are 15
    minutes overdue or more.
    """

    is_quiet: bool | None
    quiet_since: datetime | None
    hours: int
    seen: int
    usual: float
    by_hour: list[HourShape]
    orders: int
    orders_known: int
    known_share: float | None
    known_orders: list[KnownOrdersShape]
    due_soon: int
    due_late: int
    provider_errors: list[ProviderErrorsShape]
    accounts_held: list[str]
    connections: list[ConnectionHealthShape]


class HealthDays(Asked):
    """Over how many days the share of orders is told."""

    days: Annotated[int, Field(ge=1, le=366)] = DAYS


@router.get("/shop/health", response=HealthShape, auth=READ, operation_id="get_health")
def get_health(request: ApiRequest, asked: Query[HealthDays]) -> HealthShape:
    """Carts against the usual, orders whose cart was known, what is due, providers, connections."""
    found = tell_health(shop_id=request.shop.id, now=request.now, days=asked.days)
    return HealthShape.model_validate(found)
