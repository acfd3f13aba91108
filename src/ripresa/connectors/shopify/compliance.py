"""The compliance topics: what Shopify asks of every app that holds people's data.

Source: shopify.dev, apps/build/compliance/privacy-law-compliance. To be done within 30 days.
"""

from collections.abc import Callable, Mapping

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.shops.personal import PersonalRequest, PersonalWish


def _of_person(body: object, wish: PersonalWish) -> PersonalRequest:
    fields = Fields(body if isinstance(body, dict) else {})
    customer = fields.part("customer")
    request = PersonalRequest(
        wish,
        email=customer.text("email") or "",
        phone=customer.text("phone") or "",
        customer_id=customer.text("id") or "",
        reference=fields.part("data_request").text("id") or "",
    )
    if not (request.email or request.phone or request.customer_id):
        raise HookRefused(say("the body names no customer"))
    return request


def _tell(body: object) -> PersonalRequest:
    return _of_person(body, PersonalWish.TELL)


def _erase(body: object) -> PersonalRequest:
    return _of_person(body, PersonalWish.ERASE)


def _erase_shop(_body: object) -> PersonalRequest:
    return PersonalRequest(PersonalWish.ERASE_SHOP)


COMPLIANCE: Mapping[str, Callable[[object], PersonalRequest]] = {
    "customers/data_request": _tell,
    "customers/redact": _erase,
    "shop/redact": _erase_shop,
}
