"""A made-up person and her cart, for trying a scenario out before anybody real has left one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ripresa.contracts.events import (
    AddressBlock,
    CartBlock,
    CartItem,
    ConsentBlock,
    ConsentState,
    ContactBlock,
    EventType,
    StoreEvent,
)
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.validation import check_event
from ripresa.domain.inbox.operations import Delivery

EMAIL = "ada@example.test"
CART = "sample"


class NotASample(ValueError):
    """No shop could tell of such a person or cart; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One item of `value` in `currency`. `phone` in E.164. `consent`: in every channel, or none."""

    value: Decimal
    currency: str
    locale: str
    country: str
    phone: str | None = None
    agent: str | None = None
    consent: bool = True


def story_of(sample: Sample, now: datetime, *, at_checkout: bool) -> list[Delivery]:
    """She says who she is, puts a thing into a cart, maybe begins to pay, at `now`. Raises NotASample."""
    word = ConsentState.GRANTED if sample.consent else ConsentState.UNKNOWN
    contact = ContactBlock(
        email=EMAIL,
        phone=sample.phone,
        first_name="Ada",
        last_name="Rossi",
        locale=sample.locale,
        agent=sample.agent,
        consent=ConsentBlock(email=word, sms=word, letter=word),
        address=AddressBlock(
            name="Ada Rossi",
            lines=("Via Roma 1",),
            postal_code="00184",
            city="Roma",
            country=sample.country,
        ),
    )
    price = str(sample.value)
    cart = CartBlock(
        token=CART,
        currency=sample.currency,
        items=(CartItem(quantity=1, product_id="sample", title="Sample", unit_price=price),),
    )
    events = [
        StoreEvent("sample-1", EventType.CONSENT_CHANGED, now, contact=contact),
        StoreEvent("sample-2", EventType.CART_UPDATED, now, contact=contact, cart=cart),
    ]
    if at_checkout:
        events.append(StoreEvent("sample-3", EventType.CHECKOUT_STARTED, now, cart=cart))
    try:
        return [Delivery(check_event(event), now) for event in events]
    except Invalid as wrong:
        raise NotASample(wrong.message) from None
