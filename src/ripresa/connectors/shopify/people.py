"""Who a payload is about: keys, name, address, and what they said about being written to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ripresa.contracts.mapping.finishing import Draft, draft, said
from ripresa.contracts.mapping.people import Named, first, is_somebody, joined, phone
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.rejections import Invalid

# A refusal is only what somebody refused: not_subscribed, pending, invalid and redacted say nothing.
_STATES = {"subscribed": "granted", "unsubscribed": "denied"}
_OWN_WORD = frozenset({"single_opt_in", "confirmed_opt_in"})
_CONSENTS = (("email", "email_marketing_consent"), ("sms", "sms_marketing_consent"))
_BOXES = (("email", "buyer_accepts_marketing"), ("sms", "buyer_accepts_sms_marketing"))


@dataclass(frozen=True, slots=True)
class _Word:
    """One thing said about one channel; `at` None: nobody knows when."""

    channel: str
    state: str
    at: datetime | None
    level: str

    @property
    def is_proven(self) -> bool:
        """Whether it is the person's own, dated word: a merchant's import of grants is not."""
        return self.at is not None and (self.state == "denied" or self.level in _OWN_WORD)


def buyer_of(record: Fields) -> Named:
    """The contact of a checkout or an order: its own fields first, then its customer's."""
    customer = record.part("customer")
    billing, shipping = record.part("billing_address"), record.part("shipping_address")
    country = billing.text("country_code") or shipping.text("country_code")
    address = shipping if shipping.values else billing
    phones = [(record, "phone"), (customer, "phone")]
    if record.flag("buyer_accepts_sms_marketing"):
        phones.insert(0, (record, "sms_marketing_phone"))
    found = [
        first("email", (record, "email"), (record, "contact_email"), (customer, "email")),
        phone(country, *phones, spare=billing),
        first("customer_id", (customer, "id")),
        first("locale", (record, "customer_locale")),
        _name(customer, billing, shipping),
        _address(address if address.values else customer.part("default_address")),
    ]
    return _with_consent(found, _carried(customer, ticked=record), "checkout")


def customer_of(customer: Fields) -> Named:
    """The contact of a customer's own record."""
    address = customer.part("default_address")
    found = [
        first("email", (customer, "email")),
        phone(address.text("country_code"), (customer, "phone")),
        first("customer_id", (customer, "id")),
        first("locale", (customer, "locale")),
        _name(customer, address),
        _address(address),
    ]
    return _with_consent(found, _carried(customer), "customer record")


def consents_of(customer: Fields) -> Iterator[Draft]:
    """A `consent.changed` for each channel about which the customer's own, dated word is known."""
    found = [
        first("email", (customer, "email")),
        phone(None, (customer, "phone")),
        first("customer_id", (customer, "id")),
    ]
    keys, names = joined(found)
    for word in _words(customer):
        if word.is_proven and word.at is not None and is_somebody(keys):
            source = f"shopify {word.level}".rstrip()
            contact = keys | {"consent": {word.channel: word.state}, "consent_source": source}
            yield draft("consent.changed", word.at, names=names, contact=contact)


def _with_consent(found: list[Named], consent: dict[str, str], source: str) -> Named:
    block, names = joined(found)
    if consent and block:
        block |= {"consent": consent, "consent_source": source}
    return block, names


def _name(*places: Fields) -> Named:
    """First and last name of the first of these who has either."""
    for fields in places:
        first, last = fields.text("first_name"), fields.text("last_name")
        if first or last:
            names = {f"contact.{name}": fields.at(name) for name in ("first_name", "last_name")}
            return said({"first_name": first, "last_name": last}), names
    return {}, {}


def _address(fields: Fields) -> Named:
    full = " ".join(filter(None, (fields.text("first_name"), fields.text("last_name"))))
    lines = {name: fields.text(name) for name in ("company", "address1", "address2")}
    written = {name: line for name, line in lines.items() if line}
    address = said(
        {
            "name": fields.text("name") or full,
            "lines": list(written.values()),
            "postal_code": fields.text("zip"),
            "city": fields.text("city"),
            "region": fields.text("province_code") or fields.text("province"),
            "country": fields.text("country_code"),
        }
    )
    # A country alone is what a browser guessed, no address.
    if not address.keys() - {"name", "country"}:
        return {}, {}
    theirs = {f"lines[{index}]": name for index, name in enumerate(written)}
    theirs |= {"postal_code": "zip", "region": "province", "country": "country_code"}
    names = {f"contact.address.{ours}": fields.at(name) for ours, name in theirs.items()}
    return {"address": address}, {"contact.address": fields.path, **names}


def _carried(customer: Fields, *, ticked: Fields | None = None) -> dict[str, str]:
    """What may be carried along without proof. An unticked box refuses nothing."""
    consent: dict[str, str] = {}
    if ticked is not None:
        for channel, name in _BOXES:
            if ticked.flag(name):
                consent[channel] = "granted"
    for word in _words(customer):
        if not word.is_proven:
            consent[word.channel] = word.state
    return consent


def _words(customer: Fields) -> list[_Word]:
    words = []
    for channel, name in _CONSENTS:
        said_so = customer.part(name)
        state = _STATES.get((said_so.text("state") or "").lower())
        if state is not None:
            at = _instant(said_so, "consent_updated_at")
            words.append(_Word(channel, state, at, (said_so.text("opt_in_level") or "").lower()))
    if not customer.has("email_marketing_consent") and customer.flag("accepts_marketing"):
        # Before 2022-04. False says nothing: it is also the state of all who were never asked.
        at = _instant(customer, "accepts_marketing_updated_at")
        level = (customer.text("marketing_opt_in_level") or "").lower()
        words.append(_Word("email", "granted", at, level))
    return words


def _instant(fields: Fields, name: str) -> datetime | None:
    """An unreadable date of consent makes it an undated one: no refusal is lost to it."""
    try:
        return fields.instant(name)
    except Invalid as wrong:
        fields.note(wrong)
        return None
