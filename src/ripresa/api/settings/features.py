"""What the shop uses."""

from ninja import Body, Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, SEND, ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.api.protocol.values import Switch
from ripresa.usecases.shops.features import NotAFeature, Withheld, list_features, switch_features

router = Router(tags=["shop"])


class FeatureShape(BaseModel):
    """One feature. `is_withheld`: by whoever runs the install; it can't be switched on."""

    name: str
    is_on: bool
    is_withheld: bool


@router.get("/shop/features", response=list[FeatureShape], auth=READ, operation_id="list_features")
def get_features(request: ApiRequest) -> list[FeatureShape]:
    """Every feature, and whether the shop uses it."""
    return [FeatureShape(**one._asdict()) for one in list_features(request.shop)]


@router.patch(
    "/shop/features", response=list[FeatureShape], auth=SEND, operation_id="switch_features"
)
def change_features(request: ApiRequest, asked: Body[dict[str, Switch]]) -> list[FeatureShape]:
    """Switch what is named: `{"sms": false}`. What is planned for it waits, or is too late one day."""
    try:
        switch_features(shop_id=request.shop.id, wanted=asked, now=request.now)
    except NotAFeature as wrong:
        raise Refused(422, str(wrong)) from None
    except Withheld as refused:
        raise Refused(403, str(refused)) from None
    request.shop.refresh_from_db()
    return get_features(request)
