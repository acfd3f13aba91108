"""Change consent by hand, by her own or on her behalf: recorded as proof and obeyed at once (CNS-1).

The word, its proof and the cancelling of what is planned are one transaction under the contact's
lock, the one that hand-over takes: nothing leaves after the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction
from msgspec.structs import replace

from ripresa.contracts.events import ConsentBlock, ContactBlock, EventType, StoreEvent
from ripresa.domain.contacts import profile
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.choices import consent as saying
from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.consents.policy import CHANNELS, policy_of
from ripresa.domain.contacts.people import People
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import BY_HAND, Delivery
from ripresa.domain.providers import errands
from ripresa.domain.scenarios import operations as scenarios


class NotAConsent(ValueError):
    """What was said can't be recorded; the message says why."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said by channel (granted, denied), and when."""

    states: Mapping[str, str]
    proof: Proof
    at: datetime


@transaction.atomic
def change_consent(*, shop_id: int, key: str, said: Said, now: datetime) -> UUID | None:
    """Record what the person of `key` (`email:…`, `phone:…`, `customer:…`) said.

    Nobody has the key yet: None, and the next fold makes her. Raises NotAConsent.
    """
    _check(said, now)
    holder = contacts.holders_of_keys(shop_id, [key]).get(key)
    if holder is None:
        inbox.store(
            shop_id=shop_id, deliveries=[Delivery(event_of(key, said), now, source=BY_HAND)]
        )
        return None
    return say(shop_id=shop_id, contact_id=holder, key=key, said=said, now=now)


def say(*, shop_id: int, contact_id: UUID, key: str, said: Said, now: datetime) -> UUID:
    """Record it for the person of `key`, who is locked here; what she refuses is cancelled.

    Channels that the shop couples go together. What rules already, by her own word under this key, is
    not said twice. Returns whom it was said for.
    """
    contact_id = saying.lock_holder(shop_id=shop_id, key=key, contact_id=contact_id)
    policy = policy_of(shop_id)
    states = {
        also: state
        for channel, state in said.states.items()
        for also in policy.stopped_with(channel)
    }
    known = contacts.rules_by_own_word(shop_id, contact_id, key)
    new = {channel: state for channel, state in states.items() if known.get(channel) != state}
    if new:
        saying.record(
            shop_id=shop_id,
            key=key,
            states=new,
            proof=said.proof,
            at=said.at,
        )
        profile.refresh(shop_id=shop_id, contact_ids=[contact_id], people=People(), now=now)
    if "sms" in new:
        _tell_provider(shop_id, contact_id, new["sms"], now)
    for channel, state in states.items():
        if state == "denied":
            scenarios.cancel_channel(
                shop_id=shop_id,
                contact_ids=[contact_id],
                channel=channel,
                reason="unsubscribed",
                now=now,
            )
    return contact_id


def _tell_provider(shop_id: int, contact_id: UUID, state: str, now: datetime) -> None:
    """The provider's own list of numbers follows: what it keeps out would not be heard of."""
    contact = contacts.find_contact(shop_id, contact_id)
    if contact is not None and contact.phone:
        errands.note_suppressed(
            shop_id=shop_id, phone=contact.phone, is_on=state == "denied", now=now
        )


def event_of(key: str, said: Said) -> StoreEvent:
    """The same as a store event, for whoever is not known yet."""
    kind, _, value = key.partition(":")
    proof = said.proof
    contact = ContactBlock(
        consent=msgspec.convert(dict(said.states), ConsentBlock),
        consent_source=proof.source,
        consent_text=proof.text or None,
        consent_version=proof.version or None,
        consent_ip=proof.ip or None,
    )
    named = {"email": "email", "phone": "phone", "customer": "customer_id"}[kind]
    return StoreEvent(
        id=proof.event_id,
        type=EventType.CONSENT_CHANGED,
        occurred_at=said.at,
        contact=replace(contact, **{named: value}),
    )


def _check(said: Said, now: datetime) -> None:
    if not said.states:
        raise NotAConsent("say for which channel: email, sms or letter")
    for channel, state in said.states.items():
        if channel not in CHANNELS:
            raise NotAConsent(f"a channel is email, sms or letter, not {channel!r}")
        if state not in {"granted", "denied"}:
            raise NotAConsent(f"consent is granted or denied, not {state!r}")
    if said.at > now:
        raise NotAConsent(f"{said.at:%Y-%m-%d %H:%M} has not come yet: nobody can have said it")
