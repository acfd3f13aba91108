"""Consent: what somebody said, with proof, and saying it on her behalf."""

from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Literal
from uuid import UUID

from ninja import Router
from pydantic import AfterValidator, Field, StringConstraints

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Instant, Words
from ripresa.api.shapes.consent import ConsentStates, WordShape
from ripresa.core.ids import new_id
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.models import Contact
from ripresa.usecases.consent.change_consent import NotAConsent, Said, change_consent

router = Router(tags=["consent"])

Channel = Literal["email", "sms", "letter"]
_MOST_TEXT = 5000


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL can't be stored")
    return text


def _ip(text: str) -> str:
    if not text:
        return text
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("this is no IP address") from None


class SayConsent(Asked):
    """What she said, where and in which words. `said_at`: when; not later than now."""

    channels: Annotated[list[Channel], Field(min_length=1, max_length=3)]
    state: Literal["granted", "denied"]
    source: Annotated[Words, Field(min_length=1)]
    text: Annotated[str, StringConstraints(max_length=_MOST_TEXT), AfterValidator(_no_nul)] = ""
    version: Words = ""
    ip: Annotated[Words, AfterValidator(_ip)] = ""
    said_at: Instant | None = None


@router.get(
    "/contacts/{contact_id}/consents",
    response=Page[WordShape],
    auth=READ,
    operation_id="list_consents_of_contact",
)
def list_consents(request: ApiRequest, contact_id: UUID) -> Page[WordShape]:
    """Everything that was ever said about consent, the latest first, on one page."""
    _require(request, contact_id)
    keys = contacts.keys_of(request.shop.id, contact_id)
    words = contacts.consent_history(request.shop.id, keys)
    return Page[WordShape](items=[WordShape.of(word) for word in words], next=None)


@router.post(
    "/contacts/{contact_id}/consents",
    response=ConsentStates,
    auth=WRITE,
    operation_id="say_consent",
)
def say_consent(request: ApiRequest, contact_id: UUID, said: SayConsent) -> ConsentStates:
    """Record what she said. A refusal cancels what is planned; a yes lifts an older unsubscribe only."""
    contact = _require(request, contact_id)
    key = contacts.main_key(contact)
    if key is None:
        raise Refused(409, "this person has no key by which a consent could be kept")
    proof = Proof(
        said.source,
        said.text,
        f"api:{new_id(request.now)}",
        said.version,
        said.ip,
        by=f"API key {request.auth.label}".strip(),
    )
    at: datetime = said.said_at or request.now
    states: dict[str, str] = dict.fromkeys(said.channels, said.state)
    try:
        change_consent(
            shop_id=request.shop.id, key=key, said=Said(states, proof, at), now=request.now
        )
    except NotAConsent as wrong:
        raise Refused.field("said_at", str(wrong)) from None
    return ConsentStates.of(_require(request, contact_id))


def _require(request: ApiRequest, contact_id: UUID) -> Contact:
    contact = contacts.find_contact(request.shop.id, contact_id)
    if contact is None:
        raise NotFound("contact")
    return contact
