"""The shop of the key: what it is set to, and the switch that stops all it sends."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from ninja import Body, Query, Router
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, SEND, WRITE, ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.api.protocol.values import Amount, Asked, Maybe, Words
from ripresa.domain.shops import queries as shops
from ripresa.domain.shops.models import Shop
from ripresa.usecases import stop_sending
from ripresa.usecases.popup import settings as popups
from ripresa.usecases.shadow import switching
from ripresa.usecases.shops import change_shop as use_case
from ripresa.usecases.shops.create_shop import NotASetting

router = Router(tags=["shop"])


class ShopShape(BaseModel):
    """A shop and what it is set to.

    A cart to which nothing happens for `abandoned_after_seconds` is abandoned, and given up
    `expires_after_seconds` later. `min_gap_seconds`: least time between two steps to anybody.
    `collect_enabled`: whether the storefront script is heard. `stopped_at`: its own switch;
    `install_stopped_at`: that of everything here. `stopped_reason`: empty, or `volume` for the breaker.
    `volume_limit`: most messages in an hour. `shadow_since`: since when all is decided and nothing leaves.
    """

    slug: str
    name: str
    store_url: str
    currency: str
    timezone: str
    country: str
    language: str
    address: str
    owner_email: str
    abandoned_after_seconds: int
    expires_after_seconds: int
    min_gap_seconds: int
    collect_enabled: bool
    stopped_at: datetime | None
    stopped_reason: str
    volume_limit: int | None
    install_stopped_at: datetime | None
    shadow_since: datetime | None

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
            address=shop.address,
            owner_email=shop.owner_email,
            abandoned_after_seconds=int(shop.abandoned_after.total_seconds()),
            expires_after_seconds=int(shop.expires_after.total_seconds()),
            min_gap_seconds=int(shop.min_gap.total_seconds()),
            collect_enabled=shop.collect_enabled,
            stopped_at=shop.stopped_at,
            stopped_reason=shop.stopped_reason,
            volume_limit=shop.volume_limit,
            install_stopped_at=shops.install_stopped_at(),
            shadow_since=shop.shadow_since,
        )


Seconds = Annotated[int, Field(ge=0, le=2**31 - 1)]
_TIMES = {
    "abandoned_after_seconds": "abandoned_after",
    "expires_after_seconds": "expires_after",
    "min_gap_seconds": "min_gap",
}


class ShopChange(Asked):
    """What to change; what is left out stays."""

    name: Maybe[Annotated[Words, Field(min_length=1)]] = None
    address: Maybe[Words] = None
    owner_email: Maybe[Words] = None
    abandoned_after_seconds: Maybe[Seconds] = None
    expires_after_seconds: Maybe[Seconds] = None
    min_gap_seconds: Maybe[Seconds] = None
    collect_enabled: Maybe[bool] = None


@router.get("/shop", response=ShopShape, auth=READ, operation_id="get_shop")
def get_shop(request: ApiRequest) -> ShopShape:
    """The shop that the key opens."""
    return ShopShape.of(request.shop)


@router.patch("/shop", response=ShopShape, auth=WRITE, operation_id="change_shop")
def change_shop(request: ApiRequest, asked: ShopChange) -> ShopShape:
    """Change what is given. The three times decide when something leaves: they need `send` as well."""
    given = asked.model_dump(exclude_none=True)
    settings = {name: value for name, value in given.items() if name not in _TIMES}
    settings |= {
        column: timedelta(seconds=given[name]) for name, column in _TIMES.items() if name in given
    }
    if _TIMES.keys() & given.keys() and SEND.scope not in request.auth.scopes:
        raise Refused(403, "the times of a shop need the scope 'send'")
    try:
        use_case.change_shop(shop_id=request.shop.id, now=request.now, **settings)
    except NotASetting as wrong:
        raise Refused(422, str(wrong)) from None
    except use_case.ScenarioTooQuick as wrong:
        raise Refused(409, str(wrong)) from None
    return _again(request)


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


@router.post("/shop/shadow/on", response=ShopShape, auth=WRITE, operation_id="shadow_on")
def shadow_on(request: ApiRequest) -> ShopShape:
    """Decide everything and send nothing, from now on. Twice is the same as once."""
    switching.switch_on(shop_id=request.shop.id, now=request.now)
    return _again(request)


@router.post("/shop/shadow/off", response=ShopShape, auth=SEND, operation_id="shadow_off")
def shadow_off(request: ApiRequest) -> ShopShape:
    """Send about carts that are left from now on; what was decided before never leaves."""
    switching.switch_off(shop_id=request.shop.id, now=request.now)
    return _again(request)


class ShadowDays(Asked):
    """Of how many days."""

    days: Annotated[int, Field(ge=1, le=3660)] = 30


class WouldHaveGone(BaseModel):
    """What one step would have sent. `bought`: its carts that were bought afterwards, with their `value`."""

    origin: str
    step: str
    channel: str
    messages: int
    people: int
    bought: int
    value: Amount | None


@router.get(
    "/shop/shadow", response=list[WouldHaveGone], auth=READ, operation_id="get_shadow_report"
)
def shadow_report(request: ApiRequest, asked: Query[ShadowDays]) -> list[WouldHaveGone]:
    """What would have gone in shadow mode, by scenario or campaign, step, channel and currency."""
    since = request.now - timedelta(days=asked.days)
    rows = switching.report(shop_id=request.shop.id, since=since, until=request.now)
    names = ("origin", "step", "channel", "messages", "people", "bought")
    return [
        WouldHaveGone(
            **{name: getattr(row, name) for name in names},
            value=None if row.value is None else Amount.of_money(row.value),
        )
        for row in rows
    ]


@router.get("/shop/popup", response=dict[str, Any], auth=READ, operation_id="get_popup")
def get_popup(request: ApiRequest) -> dict[str, Any]:
    """The pop-up of the storefront script as it is set."""
    told: dict[str, Any] = msgspec.to_builtins(popups.find_popup(request.shop))
    return told


@router.put("/shop/popup", response=dict[str, Any], auth=WRITE, operation_id="put_popup")
def put_popup(request: ApiRequest, asked: Body[dict[str, Any]]) -> dict[str, Any]:
    """Set it, all of it; what is left out is as shipped. Pages follow within five minutes."""
    try:
        popups.put_popup(shop=request.shop, popup=popups.read_popup(asked), now=request.now)
    except popups.BadPopup as wrong:
        raise Refused(422, str(wrong)) from None
    return get_popup(request)


@router.get("/shop/popup/page", response=dict[str, Any], auth=READ, operation_id="get_popup_page")
def get_popup_page(request: ApiRequest) -> dict[str, Any]:
    """What pages get: every word in every language, with the version of what one agrees to."""
    return popups.for_pages(popups.find_popup(request.shop), request.shop)


def _again(request: ApiRequest) -> ShopShape:
    request.shop.refresh_from_db()
    return ShopShape.of(request.shop)
