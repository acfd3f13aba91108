"""People: who they are, what they agreed to and how that is known, what they bought and left."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.pages import (
    LONG_AGO,
    Page,
    Paging,
    at_id,
    at_time,
    by_id,
    by_time,
    cut,
)
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Amount, Maybe, Words
from ripresa.api.shapes.purchases import AbandonmentShape, OrderShape
from ripresa.contracts.plain_values import normalise_email, normalise_phone
from ripresa.domain.carts import person_queries as persons
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact, Suppression
from ripresa.usecases.contacts.tell_contact import Consent, Profile, tell_contact

router = Router(tags=["contacts"])


class Consents(BaseModel):
    """The state that rules in each channel: granted, denied or unknown."""

    email: str
    sms: str
    letter: str


class ContactSummary(BaseModel):
    """A person, in a list."""

    id: UUID
    email: str | None
    phone: str | None
    customer_id: str | None
    first_name: str | None
    last_name: str | None
    language: str | None
    timezone: str | None
    agent: str | None
    consent: Consents
    created_at: datetime

    @classmethod
    def fields(cls, contact: Contact) -> dict[str, Any]:
        """Its values."""
        consent = Consents(
            email=contact.consent_email, sms=contact.consent_sms, letter=contact.consent_letter
        )
        names = ("id", "email", "phone", "customer_id", "first_name", "last_name", "timezone")
        return {
            **{name: getattr(contact, name) for name in names},
            "language": contact.locale,
            "agent": contact.agent,
            "consent": consent,
            "created_at": contact.created_at,
        }


class Proof(BaseModel):
    """What was once said about a channel. `by_herself`: it is the person's own, proven word."""

    state: str
    by_herself: bool
    said_at: datetime
    source: str
    text: str


class Suppressed(BaseModel):
    """Why an address of hers is never used."""

    address: str
    cause: str
    detail: str
    since: datetime

    @classmethod
    def of(cls, stop: Suppression) -> "Suppressed":
        """The same, as it travels."""
        return cls(
            address=stop.address, cause=stop.cause, detail=stop.detail, since=stop.created_at
        )


class ChannelConsent(BaseModel):
    """One channel: the state that rules, all that was said, and a suppression if there is one."""

    channel: str
    state: str
    proofs: list[Proof]
    suppressed: Suppressed | None

    @classmethod
    def of(cls, consent: Consent) -> "ChannelConsent":
        """The same, as it travels."""
        return cls(
            channel=consent.channel,
            state=consent.state,
            proofs=[
                Proof(
                    state=claim.state,
                    by_herself=claim.proven,
                    said_at=claim.latest_at,
                    source=claim.source,
                    text=claim.text,
                )
                for claim in consent.proofs
            ],
            suppressed=None if consent.suppressed is None else Suppressed.of(consent.suppressed),
        )


class Bought(BaseModel):
    """Orders that count, in one currency; abandonments never do (CUS-3)."""

    orders: int
    lifetime: Amount
    average: Amount


class PhoneMoved(BaseModel):
    """A number that changed hands."""

    phone: str
    from_key: str
    to_key: str
    at: datetime


class ContactDetail(ContactSummary):
    """A person with all that is known."""

    keys: list[str]
    address: dict[str, Any] | None
    consents: list[ChannelConsent]
    bought: list[Bought]
    abandons_repeatedly: bool
    phone_moves: list[PhoneMoved]

    @classmethod
    def of(cls, told: Profile) -> "ContactDetail":
        """The same, as it travels."""
        return cls(
            **cls.fields(told.contact),
            keys=list(told.keys),
            address=told.contact.address,
            consents=[ChannelConsent.of(each) for each in told.consents],
            bought=[
                Bought(
                    orders=each.orders,
                    lifetime=Amount.of_money(each.lifetime),
                    average=Amount.of_money(each.average),
                )
                for each in told.figures
            ],
            abandons_repeatedly=told.is_repeated,
            phone_moves=[
                PhoneMoved(phone=each.phone, from_key=each.from_key, to_key=each.to_key, at=each.at)
                for each in told.phone_moves
            ],
        )


class ContactsAsked(Paging):
    """By one key, exactly, or by words that name, address, number and customer id contain."""

    email: Maybe[Words] = None
    phone: Maybe[Words] = None
    customer_id: Maybe[Words] = None
    words: Annotated[Words, Field(description="Each must be part of a name or key.")] = ""


@router.get("/contacts", response=Page[ContactSummary], auth=READ, operation_id="list_contacts")
def list_contacts(request: ApiRequest, asked: Query[ContactsAsked]) -> Page[ContactSummary]:
    """People, the newest first."""
    older_than = by_id(request, asked)
    found = contacts.list_contacts(
        request.shop.id,
        asked.words,
        older_than=older_than,
        limit=asked.limit + 1,
        keys=_keys(asked),
        phone=_phone(asked),
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    items = [ContactSummary(**ContactSummary.fields(row)) for row in rows]
    return Page[ContactSummary](items=items, next=following)


@router.get("/contacts/{contact_id}", response=ContactDetail, auth=READ, operation_id="get_contact")
def get_contact(request: ApiRequest, contact_id: UUID) -> ContactDetail:
    """One person: keys, consent with its proof, suppression, figures. Messages: `/messages`."""
    told = tell_contact(shop_id=request.shop.id, contact_id=contact_id, now=request.now)
    if told is None:
        raise NotFound("contact")
    return ContactDetail.of(told)


@router.get(
    "/contacts/{contact_id}/orders",
    response=Page[OrderShape],
    auth=READ,
    operation_id="list_orders_of_contact",
)
def list_orders(request: ApiRequest, contact_id: UUID, asked: Query[Paging]) -> Page[OrderShape]:
    """What a person bought, newest first; `counts` says whether it is in her figures."""
    _require(request, contact_id)
    found = persons.list_orders(
        request.shop.id, contact_id, older_than=by_time(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(
        request, asked, found, lambda row: at_time(row.placed_at or LONG_AGO, row.id)
    )
    return Page[OrderShape](items=[OrderShape.of(row) for row in rows], next=following)


@router.get(
    "/contacts/{contact_id}/abandonments",
    response=Page[AbandonmentShape],
    auth=READ,
    operation_id="list_abandonments_of_contact",
)
def list_abandonments(
    request: ApiRequest, contact_id: UUID, asked: Query[Paging]
) -> Page[AbandonmentShape]:
    """What a person left behind, newest first, each with what became of its cart."""
    _require(request, contact_id)
    found = persons.list_abandonments(
        request.shop.id, contact_id, older_than=by_time(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_time(row.abandoned_at, row.id))
    items = [AbandonmentShape.of(row, row.cart) for row in rows]
    return Page[AbandonmentShape](items=items, next=following)


def _require(request: ApiRequest, contact_id: UUID) -> None:
    if contacts.find_contact(request.shop.id, contact_id) is None:
        raise NotFound("contact")


def _keys(asked: ContactsAsked) -> list[str]:
    keys = []
    if asked.email is not None:
        if (email := normalise_email(asked.email)) is None:
            raise Refused.field("email", "this is no e-mail address")
        keys.append(f"email:{email}")
    if asked.customer_id is not None:
        keys.append(f"customer:{asked.customer_id}")
    return keys


def _phone(asked: ContactsAsked) -> str | None:
    if asked.phone is None:
        return None
    if (phone := normalise_phone(asked.phone)) is None:
        raise Refused.field("phone", "send it as +39…, with the country code")
    return phone
