"""The shop of the key: what it is set to, and the switch that stops all it sends."""

from datetime import datetime

from ninja import Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, SEND, WRITE, ApiRequest
from ripresa.domain.shops import queries as shops
from ripresa.domain.shops.models import Shop
from ripresa.usecases import stop_sending

router = Router(tags=["shop"])


class ShopShape(BaseModel):
    """A shop. `stopped_at`: its own switch; `install_stopped_at`: that of everything here.

    `stopped_reason`: empty, or `volume` for the breaker. `volume_limit`: most messages in an hour.
    """

    slug: str
    name: str
    store_url: str
    currency: str
    timezone: str
    country: str
    language: str
    abandoned_after_seconds: int
    stopped_at: datetime | None
    stopped_reason: str
    volume_limit: int | None
    install_stopped_at: datetime | None

    @classmethod
    def of(cls, shop: Shop) -> "ShopShape":
        """As it stands now."""
        return cls(
            slug=shop.slug,
            name=shop.name,
            store_url=shop.store_url,
            currency=shop.currency,
            timezone=shop.timezone,
            country=shop.country,
            language=shop.language,
            abandoned_after_seconds=int(shop.abandoned_after.total_seconds()),
            stopped_at=shop.stopped_at,
            stopped_reason=shop.stopped_reason,
            volume_limit=shop.volume_limit,
            install_stopped_at=shops.install_stopped_at(),
        )


@router.get("/shop", response=ShopShape, auth=READ, operation_id="get_shop")
def get_shop(request: ApiRequest) -> ShopShape:
    """The shop that the key opens."""
    return ShopShape.of(request.shop)


@router.post("/shop/stop", response=ShopShape, auth=WRITE, operation_id="stop_sending")
def stop(request: ApiRequest) -> ShopShape:
    """Stop all sending of the shop at once. Nothing planned is lost. Twice is the same as once."""
    stop_sending.stop_shop(shop_id=request.shop.id, now=request.now)
    return _again(request)


@router.post("/shop/start", response=ShopShape, auth=SEND, operation_id="start_sending")
def start(request: ApiRequest) -> ShopShape:
    """Let the shop send again: what is still due goes out. Lifts no stop of the whole install."""
    stop_sending.start_shop(shop_id=request.shop.id, now=request.now)
    return _again(request)


def _again(request: ApiRequest) -> ShopShape:
    request.shop.refresh_from_db()
    return ShopShape.of(request.shop)
