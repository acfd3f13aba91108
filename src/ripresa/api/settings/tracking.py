"""What mails of the shop tell of clicks and opens."""

from ninja import Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.values import Asked, Maybe, Switch
from ripresa.usecases.shops.change_shop import change_shop

router = Router(tags=["shop"])


class TrackingShape(BaseModel):
    """Whether clicks on links, and opens of mails, are heard in what is composed from now on."""

    track_clicks: bool
    track_opens: bool


class TrackingChange(Asked):
    """What to change; what is left out stays."""

    track_clicks: Maybe[Switch] = None
    track_opens: Maybe[Switch] = None


@router.get("/shop/tracking", response=TrackingShape, auth=READ, operation_id="get_tracking")
def get_tracking(request: ApiRequest) -> TrackingShape:
    """Whether the shop hears of clicks and opens."""
    return TrackingShape(
        track_clicks=request.shop.track_clicks, track_opens=request.shop.track_opens
    )


@router.patch("/shop/tracking", response=TrackingShape, auth=WRITE, operation_id="change_tracking")
def patch_tracking(request: ApiRequest, asked: TrackingChange) -> TrackingShape:
    """Change what is given. How opens and clicks earn is set under `/reports/settings`."""
    given = asked.model_dump(exclude_none=True)
    change_shop(shop_id=request.shop.id, now=request.now, **given)
    request.shop.refresh_from_db()
    return get_tracking(request)
