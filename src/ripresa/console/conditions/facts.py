"""What a scenario's conditions can ask of a cart and its buyer, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from ripresa.console.conditions.words import CONSENTS, LANGUAGES, Vocabulary, Words

FIELDS: Words = {
    "cart_value": _("Cart value"),
    "item_count": _("Number of pieces"),
    "currency": _("Currency"),
    "country": _("Country"),
    "language": _("Language"),
    "customer": _("Customer"),
    "consent.email": _("Consent to e-mail"),
    "consent.sms": _("Consent to SMS"),
    "category": _("Category in the cart"),
    "sku": _("Article in the cart (SKU)"),
    "source": _("Where the cart comes from"),
    "device": _("Device"),
    "deal_stage": _("Stage of the deal"),
    "has_coupon": _("Coupon in hand"),
}
CONTROLS: Mapping[str, str] = {
    "cart_value": "money",
    "item_count": "number",
    "currency": "words",
    "country": "words",
    "language": "choices",
    "customer": "choices",
    "consent.email": "choices",
    "consent.sms": "choices",
    "category": "words",
    "sku": "words",
    "source": "words",
    "device": "choices",
    "deal_stage": "choices",
    "has_coupon": "flag",
}
CUSTOMERS: Words = {
    "new": _("never bought"),
    "returning": _("bought before"),
    "inactive": _("bought, but not for a while"),
}
DEVICES: Words = {
    "mobile": _("phone"),
    "tablet": _("tablet"),
    "desktop": _("computer"),
    "unknown": _("unknown"),
}
_SEVERAL = _("As the shop writes it; several with commas.")
HINTS: Words = {
    "country": _("Two letters each, of the postal address, like IT, SM."),
    "currency": _("Three letters each, like EUR, RON."),
    "category": _SEVERAL,
    "sku": _SEVERAL,
    "source": _("The name of the connection; several with commas."),
}


def carts(stages: Words) -> Vocabulary:
    """What can be asked of the carts of a shop whose deals have these `stages`, by key."""
    ticked: Mapping[str, Words] = {
        "language": LANGUAGES,
        "customer": CUSTOMERS,
        "device": DEVICES,
        "deal_stage": stages,
    }
    return Vocabulary(FIELDS, CONTROLS, HINTS, lambda field: ticked.get(field, CONSENTS))
