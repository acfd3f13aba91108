"""Reading contacts: the list, one profile with its keys, consent, suppression and phone moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from ripresa.domain.contacts.models import (
    ConsentClaim,
    Contact,
    ContactKey,
    PhoneClaim,
    Suppression,
)


def search(shop_id: int, words: str) -> "QuerySet[Contact]":
    """People whose name, e-mail, phone or customer id contains each of `words`."""
    found = Contact.objects.filter(shop_id=shop_id)
    for word in words.split():
        found = found.filter(
            Q(email__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(phone__icontains=word)
            | Q(customer_id__icontains=word)
        )
    return found


def list_contacts(
    shop_id: int,
    words: str,
    *,
    older_than: UUID | None,
    limit: int,
    keys: Sequence[str] = (),
    phone: str | None = None,
) -> list[Contact]:
    """People, the newest first: ids sort by time. `older_than` is the id of the last one seen.

    Only who has all of `keys` (`email:…`, `customer:…`), and the number `phone` if one is given.
    """
    found = search(shop_id, words)
    for key in keys:
        owner = ContactKey.objects.filter(shop_id=shop_id, key=key)
        found = found.filter(id__in=owner.values("contact_id"))
    if phone is not None:
        found = found.filter(phone=phone)
    if older_than:
        found = found.filter(id__lt=older_than)
    return list(found.order_by("-id")[:limit])


def find_contact(shop_id: int, contact_id: UUID | None) -> Contact | None:
    """One person of this shop."""
    if contact_id is None:
        return None
    return Contact.objects.filter(shop_id=shop_id, id=contact_id).first()


def contacts_by_id(shop_id: int, contact_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """Those of `contact_ids` that are people of this shop."""
    found = Contact.objects.filter(shop_id=shop_id, id__in=contact_ids)
    return {contact.id: contact for contact in found}


def keys_of(shop_id: int, contact_id: UUID) -> list[str]:
    """All keys of a person, in order."""
    found = ContactKey.objects.filter(shop_id=shop_id, contact_id=contact_id)
    return list(found.order_by("key").values_list("key", flat=True))


def holders_of_keys(shop_id: int, keys: Sequence[str]) -> dict[str, UUID]:
    """The person behind each of `keys` that is known."""
    found = ContactKey.objects.filter(shop_id=shop_id, key__in=keys)
    return dict(found.values_list("key", "contact_id"))


def consent_claims(shop_id: int, keys: Sequence[str]) -> list[ConsentClaim]:
    """What was said about consent by any of `keys`, the latest first: the proof."""
    found = ConsentClaim.objects.filter(shop_id=shop_id, key__in=keys)
    return list(found.order_by("-latest_at", "-latest_event"))


def suppressions(shop_id: int, addresses: Sequence[str]) -> list[Suppression]:
    """Which of `addresses` must never be used, and why."""
    found = Suppression.objects.filter(shop_id=shop_id, address__in=addresses)
    return list(found.order_by("created_at"))


@dataclass(frozen=True, slots=True)
class PhoneMove:
    """A number that changed hands: `to_key` claimed it at `at`, after `from_key` had it (CUS-5)."""

    phone: str
    from_key: str
    to_key: str
    at: datetime


def phone_moves(shop_id: int, keys: Sequence[str]) -> list[PhoneMove]:
    """Moves, to or from any of `keys`, of the phone numbers these ever claimed; the latest first.

    The latest claim owns a number, ties by event id.
    """
    mine = PhoneClaim.objects.filter(shop_id=shop_id, key__in=keys)
    claims = PhoneClaim.objects.filter(shop_id=shop_id, phone__in=mine.values("phone"))
    moves: list[PhoneMove] = []
    holder: PhoneClaim | None = None
    for claim in claims.order_by("phone", "latest_at", "latest_event"):
        if holder is not None and holder.phone == claim.phone and {holder.key, claim.key} & {*keys}:
            moves.append(PhoneMove(claim.phone, holder.key, claim.key, claim.latest_at))
        holder = claim
    return sorted(moves, key=lambda move: move.at, reverse=True)
