"""What a batch of store events claims about people, summed up before the database is asked.

Pure: the sum of the claims of a set of events does not depend on their order.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ripresa.contracts.events import ContactBlock, EventType, StoreEvent
from ripresa.domain.contacts.rules import Facts, Sighting, is_strong, merge_facts

_PROFILE = ("first_name", "last_name", "locale", "timezone", "agent")


class Proof(NamedTuple):
    """Where, in which words and from which address somebody said so, as far as it is known."""

    source: str = ""
    text: str = ""
    version: str = ""
    ip: str = ""


NO_PROOF = Proof()


@dataclass(frozen=True, slots=True)
class Span:
    """First and last time something was said, and the event that said it last."""

    earliest_at: datetime
    latest_at: datetime
    latest_event: str
    proof: Proof = NO_PROOF

    def joined(self, other: "Span") -> "Span":
        """Both in one."""
        later = max(self, other, key=lambda span: (span.latest_at, span.latest_event))
        return Span(
            min(self.earliest_at, other.earliest_at),
            later.latest_at,
            later.latest_event,
            later.proof,
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One direct word about consent, for the history."""

    state: str
    proven: bool
    at: datetime
    proof: Proof


@dataclass(slots=True)
class Claims:
    """Everything that a batch says about people."""

    facts: dict[str, Facts] = field(default_factory=dict)
    reachable: dict[str, datetime | None] = field(default_factory=dict)
    links: set[tuple[str, str]] = field(default_factory=set)
    sightings: dict[tuple[str, str], Sighting] = field(default_factory=dict)
    phones: dict[tuple[str, str], Span] = field(default_factory=dict)
    consents: dict[tuple[str, str, str, bool], Span] = field(default_factory=dict)
    words: dict[tuple[str, str, str], Word] = field(default_factory=dict)
    splits: dict[str, tuple[UUID, tuple[str, ...], datetime]] = field(default_factory=dict)

    def add(self, event: StoreEvent, *, trusted: bool) -> str | None:
        """Take one event; returns the key of the person it speaks of, if it names one."""
        if event.cart is not None and event.cart.checkout_id:
            self._see(event, [f"checkout:{event.cart.checkout_id}"], trusted=trusted)
        if event.cart is not None and event.cart.restored_from:
            # Under its new token it is the cart it was (CUS-1): seen on that one like any key.
            self._put_sighting(
                f"token:{event.cart.restored_from}",
                f"token:{event.cart.token}",
                event.occurred_at,
                trusted=trusted,
            )
        contact = event.contact
        if contact is None:
            return None
        strong = strong_keys(contact)
        # A page's word is enough to say whose cart this is, never to tie two people together.
        named = strong if trusted else strong[:1]
        phone = f"phone:{contact.phone}" if contact.phone else None
        key = named[0] if named else phone
        if key is None:
            return None
        self._learn(event, contact, named, key, trusted=trusted)
        if phone is not None and is_strong(key) and trusted:
            self._put_phone(contact.phone or "", key, event)
        self._see(event, [key] if not trusted else named or [key], trusted=trusted)
        if phone is not None and phone != key:
            self._see(event, [phone], trusted=trusted)
        self._hear(event, contact, key, trusted=trusted)
        return key

    def join(self, keys: tuple[str, str]) -> None:
        """Take a person's word that two strong keys, known both, are one person."""
        left, right = sorted(keys)
        for key in (left, right):
            self.facts.setdefault(key, {})
        self.links.add((left, right))

    def _learn(
        self,
        event: StoreEvent,
        contact: ContactBlock,
        named: list[str],
        key: str,
        *,
        trusted: bool,
    ) -> None:
        stamp = (trusted, event.occurred_at, event.id)
        facts: Facts = {
            name: (*stamp, value)
            for name in _PROFILE
            if (value := getattr(contact, name)) and (trusted or name != "agent")
        }
        if contact.address is not None and trusted:
            facts["address"] = (*stamp, contact.address)
        self._put(key, facts)
        for name in named:
            kind, _, value = name.partition(":")
            self._put(name, {"email" if kind == "email" else "customer_id": (*stamp, value)})
        if trusted and len(named) > 1:
            self.links.add((named[0], named[1]))
        if contact.email or contact.phone or (trusted and (contact.address or contact.agent)):
            known = self.reachable.get(key)
            self.reachable[key] = min(known or event.occurred_at, event.occurred_at)

    def _put(self, key: str, facts: Facts) -> None:
        known = self.facts.get(key)
        self.facts[key] = facts if known is None else merge_facts((known, facts))

    def _put_phone(self, phone: str, key: str, event: StoreEvent) -> None:
        span = Span(event.occurred_at, event.occurred_at, event.id)
        known = self.phones.get((phone, key))
        self.phones[(phone, key)] = span if known is None else known.joined(span)

    def _see(self, event: StoreEvent, keys: list[str], *, trusted: bool) -> None:
        visits = []
        if event.cart is not None and event.cart.token:
            visits.append(f"token:{event.cart.token}")
        if event.visitor_id:
            visits.append(f"visitor:{event.visitor_id}")
        for visit in visits:
            for key in keys:
                self._put_sighting(visit, key, event.occurred_at, trusted=trusted)

    def _put_sighting(self, visit: str, key: str, at: datetime, *, trusted: bool) -> None:
        seen = Sighting(key, trusted, at, at)
        known = self.sightings.get((visit, key))
        self.sightings[visit, key] = seen if known is None else known.joined(seen)

    def _hear(self, event: StoreEvent, contact: ContactBlock, key: str, *, trusted: bool) -> None:
        if contact.consent is None:
            return
        is_direct = event.type == EventType.CONSENT_CHANGED
        proven = trusted and is_direct
        proof = Proof(
            contact.consent_source or event.type,
            contact.consent_text or "",
            contact.consent_version or "",
            contact.consent_ip or "",
        )
        span = Span(event.occurred_at, event.occurred_at, event.id, proof)
        for channel, said in contact.consent.items():
            if said == "unknown":
                continue
            # A page's yes may be anybody's: it waits for her own (double opt-in). Its no is heeded.
            state = "pending" if said == "granted" and not trusted else said
            claim = (key, channel, state, proven)
            known = self.consents.get(claim)
            self.consents[claim] = span if known is None else known.joined(span)
            if is_direct:
                self.words[key, channel, event.id] = Word(state, proven, event.occurred_at, proof)


def strong_keys(contact: ContactBlock) -> list[str]:
    """The keys that may stand for a person on their own, e-mail first."""
    keys = []
    if contact.email:
        keys.append(f"email:{contact.email}")
    if contact.customer_id:
        keys.append(f"customer:{contact.customer_id}")
    return keys
