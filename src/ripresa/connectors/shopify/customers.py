"""Customers as store events.

Field names are those of the REST resource Customer and of the topics customers/create, customers/update,
customers/email_marketing_consent/update and customers/marketing_consent/update;
docs/reference/shopify-mapping.md says what becomes of each.
"""

from collections.abc import Iterator

from ripresa.connectors.shopify.people import consents_of, customer_of
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.mapping.finishing import Draft, draft, mapped
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code


def events_of_customer(payload: object) -> list[Outcome]:
    """Events of customers/create, customers/update or a customer, then rejections."""
    return mapped("shopify:customer", payload, "id", _customer)


def _customer(customer: Fields) -> Iterator[Draft]:
    yield from consents_of(customer)
    at = customer.instant("updated_at") or customer.instant("created_at")
    if at is None:
        raise Invalid("updated_at", Code.MISSING, "is needed")
    contact, names = customer_of(customer)
    # The contract tells who somebody is only of a browser or a cart; this browser is never seen
    # anywhere, so it joins nobody.
    visitor = f"shopify-customer-{customer.required('id')}"
    yield draft("contact.identified", at, names=names, visitor_id=visitor, contact=contact)


def events_of_email_consent(payload: object) -> list[Outcome]:
    """Events of customers/email_marketing_consent/update, then rejections."""
    return mapped("shopify:customer", payload, "customer_id", _email_consent)


def events_of_sms_consent(payload: object) -> list[Outcome]:
    """Events of customers/marketing_consent/update, which is about text messages, then rejections."""
    return mapped("shopify:customer", payload, "id", _sms_consent)


def _email_consent(change: Fields) -> Iterator[Draft]:
    told = {
        "id": change.values.get("customer_id"),
        "email": change.values.get("email_address"),
        "email_marketing_consent": change.values.get("email_marketing_consent"),
    }
    return consents_of(Fields(told, problems=change.problems))


def _sms_consent(change: Fields) -> Iterator[Draft]:
    told = {name: change.values.get(name) for name in ("id", "phone", "sms_marketing_consent")}
    return consents_of(Fields(told, problems=change.problems))
