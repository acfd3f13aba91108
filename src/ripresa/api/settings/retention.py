"""For how long the shop keeps each kind of data, and what would go now."""

from datetime import datetime
from typing import Annotated

from ninja import Body, Router
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.domain.shops.retention import LIMITS, limits_of
from ripresa.usecases.retention.keeping import count_by_limit, next_run_at
from ripresa.usecases.retention.limits import NotALimit, set_limits

router = Router(tags=["shop"])

Days = Annotated[int, Field(strict=True)]


class LimitShape(BaseModel):
    """A kind of data, kept for `days`; 0: for ever. As shipped `shipped_days`, never under `least_days`."""

    kind: str
    days: int
    shipped_days: int
    least_days: int


class RetentionShape(BaseModel):
    """Every kind. `next_run_at`: when what is older goes; null: as soon as a worker has time."""

    limits: list[LimitShape]
    next_run_at: datetime | None


class WouldGo(BaseModel):
    """How many rows of a kind are older than that, and would go now."""

    kind: str
    rows: int


@router.get("/shop/retention", response=RetentionShape, auth=READ, operation_id="get_retention")
def get_retention(request: ApiRequest) -> RetentionShape:
    """For how long each kind of data is kept."""
    limits = [
        LimitShape(
            kind=kind, days=days, shipped_days=LIMITS[kind].days, least_days=LIMITS[kind].least
        )
        for kind, days in limits_of(request.shop).items()
    ]
    return RetentionShape(limits=limits, next_run_at=next_run_at(request.shop))


@router.patch(
    "/shop/retention", response=RetentionShape, auth=WRITE, operation_id="change_retention"
)
def patch_retention(request: ApiRequest, asked: Body[dict[str, Days]]) -> RetentionShape:
    """Change the days of what is named: `{"contents": 180}`. What is older goes with the next run."""
    try:
        set_limits(shop_id=request.shop.id, days=asked, now=request.now)
    except NotALimit as wrong:
        raise Refused(422, str(wrong)) from None
    request.shop.refresh_from_db()
    return get_retention(request)


@router.get(
    "/shop/retention/count", response=list[WouldGo], auth=READ, operation_id="count_retention"
)
def get_retention_count(request: ApiRequest) -> list[WouldGo]:
    """What would go now; nothing does."""
    counts = count_by_limit(request.shop, request.now)
    return [WouldGo(kind=kind, rows=rows) for kind, rows in counts.items()]
