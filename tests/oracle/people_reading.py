"""Who is one person, and what we know of her, read from a set of events as a whole (CUS-1).

People is built anew from all events that are known at an instant; nothing is carried over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .events_reading import Event, in_order

FACTS = ("email", "phone", "customer", "timezone", "country", "locale", "agent", "address")
Person = tuple[str, str]  # the least of her keys: ("customer", "c1"), ("email", ..), ("phone", ..)


@dataclass(frozen=True)
class Profile:
    """What the latest word on each matter is."""

    email: str | None = None
    phone: str | None = None
    customer: str | None = None
    timezone: str | None = None
    country: str | None = None
    locale: str | None = None
    agent: str | None = None
    address: str | None = None

    @property
    def is_reachable(self) -> bool:
        """CAP-3: e-mail, phone, postal address or agent."""
        return bool(self.email or self.phone or self.address or self.agent)

    @property
    def label(self) -> str | None:
        """`contact` in both files: the e-mail address, else the phone, else the customer id."""
        return self.email or self.phone or self.customer


class People:
    def __init__(self, events: Sequence[Event]) -> None:
        self.events = in_order(events)
        self._joined: dict[Person, Person] = {}
        self._join_keys_of_one_event()
        self._join_keys_of_one_token()
        self._heard: dict[Person, list[Event]] = {}
        for event in self.events:
            person = self.of_event(event)
            if person:
                self._heard.setdefault(person, []).append(event)

    def of_event(self, event: Event) -> Person | None:
        """Strong keys first; a phone number alone is somebody of her own (CUS-1)."""
        if event.email:
            return self.of_email(event.email)
        if event.customer:
            return self._root(("customer", event.customer))
        return ("phone", event.phone) if event.phone else None

    def now_called(self, key: Person) -> Person:
        """Who somebody is by all that is known now, if this was her key once."""
        return self._root(key)

    def strongest_key(self, person: Person) -> Person:
        """E-mail, else customer id, else phone: outlasts what is learnt about her later."""
        profile = self.profile(person)
        if profile.email:
            return ("email", profile.email)
        return ("customer", profile.customer) if profile.customer else person

    def of_email(self, address: str) -> Person:
        return self._root(("email", address))

    def of_visitors(self, visitors: set[str], begun_at: datetime) -> Person | None:
        """The first to say who she is at or after the cart's beginning, else the latest before."""
        said = [e for e in self.events if e.visitor in visitors and e.names_someone]
        after = [e for e in said if e.at >= begun_at]
        if after:
            return self.of_event(after[0])
        return self.of_event(said[-1]) if said else None

    def heard_of(self, person: Person) -> list[Event]:
        return self._heard.get(person, [])

    def profile(self, person: Person | None) -> Profile:
        known: dict[str, str] = {}
        for event in self.heard_of(person) if person else []:
            for name in FACTS:
                if value := getattr(event, name):
                    known[name] = value
        return Profile(**known)

    def phones(self, person: Person) -> set[str]:
        return {event.phone for event in self.heard_of(person) if event.phone}

    def consent(self, person: Person, channel: str) -> str:
        """granted, denied or unknown. A refusal yields only to a later consent.changed (CNS-2)."""
        state = "unknown"
        for event in self.heard_of(person):
            said = event.consent.get(channel)
            if said == "denied":
                state = "denied"
            elif said == "granted" and (state != "denied" or event.type == "consent.changed"):
                state = "granted"
        return state

    def _join_keys_of_one_event(self) -> None:
        for event in self.events:
            if event.email and event.customer:
                self._join(event.email, event.customer)

    def _join_keys_of_one_token(self) -> None:
        tokens = {token for event in self.events if (token := named_token(event))}
        for token in sorted(tokens):
            sightings = [event for event in self.events if named_token(event) == token]
            emails = {event.email for event in sightings if event.email}
            customers = {event.customer for event in sightings if event.customer}
            if len(emails) == 1 and len(customers) == 1:
                self._join(*emails, *customers)

    def _join(self, email: str, customer: str) -> None:
        least, other = sorted([self.of_email(email), self._root(("customer", customer))])
        if least != other:
            self._joined[other] = least

    def _root(self, key: Person) -> Person:
        while key in self._joined:
            key = self._joined[key]
        return key


def named_token(event: Event) -> str | None:
    """The cart an event speaks of; an order speaks of the one it closes."""
    if event.order and event.order.cart_token:
        return event.order.cart_token
    return event.token
