"""One thing done to many carts: a message by hand, recoveries cancelled, an agent for their people.

What is done to each is what one would do to it alone, with all its guards; nothing is done in passing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from ripresa.domain.carts.models import Cart
from ripresa.domain.carts.queries import CartFilter, carts_by_id, list_carts
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases.agents.assign_agents import NotACustomer, assign_customer
from ripresa.usecases.scenarios.cancel_recovery import RecoveryIsOver, cancel_recovery
from ripresa.usecases.send_by_hand import (
    Look,
    NobodyThere,
    NotPossible,
    Wanted,
    look,
    send_by_hand,
)

# More people than that are a campaign, with its budget, its proof and its pause.
MOST_SENT = 200
MOST_CHANGED = 1000


class Chosen(NamedTuple):
    """Carts to do something to; `is_cut`: there are more, which are left alone."""

    carts: Sequence[Cart]
    is_cut: bool


Verdict = Literal["goes", "later", "not"]


@dataclass(frozen=True, slots=True)
class Prospect:
    """What would become of a message for one cart. `reason`: what holds it back, or keeps it from going.

    `until`: when what holds it back is over.
    """

    cart: Cart
    buyer: Contact | None
    verdict: Verdict
    reason: str = ""
    until: datetime | None = None


class Sent(NamedTuple):
    """How many messages were planned, and how many carts fell away."""

    planned: int
    fell_away: int


def choose_carts(shop_id: int, *, ids: Sequence[UUID], only: CartFilter, most: int) -> Chosen:
    """The carts of these ids, or, where there are none, those of a filter; the newest first."""
    if ids:
        found = carts_by_id(shop_id, ids)
        carts = [found[one] for one in dict.fromkeys(ids) if one in found]
    else:
        carts = list_carts(shop_id, only, older_than=None, limit=most + 1)
    return Chosen(carts[:most], len(carts) > most)


def look_at_many(
    *, shop_id: int, carts: Sequence[Cart], wanted: Wanted, now: datetime
) -> list[Prospect]:
    """What would become of `wanted` for each of these carts; changes nothing. Raises NotAsked, NoSuchPool."""
    buyers = contacts.contacts_by_id(shop_id, [one.contact_id for one in carts if one.contact_id])
    prospects, written_to = list[Prospect](), set[UUID]()
    for cart in carts:
        buyer = buyers.get(cart.contact_id) if cart.contact_id else None
        if cart.contact_id in written_to:
            # A person has one message of this: the cart she left latest speaks for the others.
            prospects.append(Prospect(cart, buyer, "not", "same_person"))
            continue
        try:
            seen = look(shop_id=shop_id, wanted=replace(wanted, cart_id=cart.id), now=now)
        except NobodyThere:
            prospects.append(Prospect(cart, buyer, "not", "nobody"))
            continue
        prospects.append(_prospect(cart, buyer, seen))
        if seen.is_possible and cart.contact_id:
            written_to.add(cart.contact_id)
    return prospects


def _prospect(cart: Cart, buyer: Contact | None, seen: Look) -> Prospect:
    final = next((one for one in seen.obstacles if one.until is None), None)
    if final is not None:
        return Prospect(cart, buyer, "not", final.reason.value)
    held = [(one.until, one.reason.value) for one in seen.obstacles if one.until is not None]
    if held:
        until, reason = max(held)
        return Prospect(cart, buyer, "later", reason, until)
    return Prospect(cart, buyer, "goes")


def send_to_many(*, shop_id: int, carts: Sequence[Cart], wanted: Wanted, now: datetime) -> Sent:
    """Plan `wanted` for each cart for which it may go, one for a person. Raises NotAsked, NoSuchPool."""
    planned, written_to = 0, set[UUID]()
    for cart in carts:
        if cart.contact_id is None or cart.contact_id in written_to:
            continue
        try:
            send_by_hand(shop_id=shop_id, wanted=replace(wanted, cart_id=cart.id), now=now)
        except (NotPossible, NobodyThere):
            continue
        planned += 1
        written_to.add(cart.contact_id)
    return Sent(planned, len(carts) - planned)


def open_recoveries(shop_id: int, carts: Sequence[Cart]) -> list[UUID]:
    """The recoveries of these carts that may still send something."""
    found = Recovery.objects.filter(
        shop_id=shop_id, cart_id__in=[one.id for one in carts], state__in=["waiting", "active"]
    )
    return list(found.order_by("id").values_list("id", flat=True))


def cancel_many(*, shop_id: int, carts: Sequence[Cart], now: datetime) -> int:
    """Cancel every recovery of these carts that is not over; returns how many."""
    cancelled = 0
    for recovery_id in open_recoveries(shop_id, carts):
        try:
            cancel_recovery(shop_id=shop_id, recovery_id=recovery_id, now=now)
        except RecoveryIsOver:
            continue
        cancelled += 1
    return cancelled


def assign_many(*, shop_id: int, carts: Sequence[Cart], agent: str, now: datetime) -> int:
    """Make the people behind these carts customers of `agent`; how many. Raises NotAnAgent."""
    people = contacts.contacts_by_id(shop_id, [one.contact_id for one in carts if one.contact_id])
    assigned = 0
    for person in people.values():
        key = contacts.main_key(person)
        if key is None:
            continue
        try:
            assign_customer(shop_id=shop_id, customer=key, agent=agent, now=now)
        except NotACustomer:
            continue  # known by a phone number alone, which says nobody's customer
        assigned += 1
    return assigned
