"""What the shop has chosen about consent: channels coupled or apart, whose yes must be confirmed."""

from typing import Literal

from ninja import Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, SEND, ApiRequest
from ripresa.api.protocol.values import Asked, Maybe, Switch
from ripresa.domain.shops.models import Shop
from ripresa.usecases.consent.consent_settings import change_consent_settings

router = Router(tags=["shop"])

Confirm = Literal["by_country", "always", "never"]


class ConsentChoiceShape(BaseModel):
    """`couple_channels`: a yes to e-mail or SMS is one to both, and a no stops both.

    `confirm_consent`: whether a yes typed into a page of the shop is asked about once more by mail (double
    opt-in): always, never, or where the country asks for it.
    """

    couple_channels: bool
    confirm_consent: Confirm

    @classmethod
    def of(cls, shop: Shop) -> "ConsentChoiceShape":
        """As it stands now."""
        return cls(**{name: getattr(shop, name) for name in cls.model_fields})


class ConsentChoice(Asked):
    """What to change; what is left out stays."""

    couple_channels: Maybe[Switch] = None
    confirm_consent: Maybe[Confirm] = None


@router.get(
    "/shop/consent", response=ConsentChoiceShape, auth=READ, operation_id="get_consent_settings"
)
def get_consent_settings(request: ApiRequest) -> ConsentChoiceShape:
    """What the shop has chosen about consent."""
    return ConsentChoiceShape.of(request.shop)


@router.patch(
    "/shop/consent", response=ConsentChoiceShape, auth=SEND, operation_id="change_consent_settings"
)
def patch_consent_settings(request: ApiRequest, asked: ConsentChoice) -> ConsentChoiceShape:
    """Change what is given, and work out anew for everybody what follows: a while in a big shop.

    What is planned against a no is cancelled. Safe to repeat: if it broke off, it goes on.
    """
    change_consent_settings(shop_id=request.shop.id, now=request.now, **asked.model_dump())
    request.shop.refresh_from_db()
    return get_consent_settings(request)
