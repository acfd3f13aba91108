"""Reading contacts: the list, one profile with its keys, consent, suppression and phone moves."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from ripresa.domain.contacts.models import (
    ConsentClaim,
    ConsentWord,
    Contact,
    ContactKey,
    PhoneClaim,
    Suppression,
)


def search(shop_id: int, words: str) -> "QuerySet[Contact]":
    """People whose name, e-mail, phone or customer id contains each of `words`."""
    found = Contact.objects.filter(shop_id=shop_id, erased_at__isnull=True)
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


def list_by_consent(
    shop_id: int, words: str, consent: str, *, older_than: UUID | None, limit: int
) -> list[Contact]:
    """As `list_contacts`; only those with this state of consent to e-mail, where one is asked for."""
    found = search(shop_id, words)
    if consent:
        found = found.filter(consent_email=consent)
    if older_than:
        found = found.filter(id__lt=older_than)
    return list(found.order_by("-id")[:limit])


def count_by_language(shop_id: int) -> dict[str, int]:
    """How many people there are for each language ("it" for it-IT); "" for those of none known."""
    tags = Contact.objects.filter(shop_id=shop_id).values_list("locale").annotate(Count("id"))
    found: Counter[str] = Counter()
    for tag, number in tags.order_by():
        found[re.split("[-_]", tag or "")[0].lower()] += number
    return dict(found)


def find_contact(shop_id: int, contact_id: UUID | None) -> Contact | None:
    """One person of this shop."""
    if contact_id is None:
        return None
    return Contact.objects.filter(shop_id=shop_id, id=contact_id).first()


def find_with_keys(shop_id: int, contact_id: UUID) -> tuple[Contact, list[str]] | None:
    """One person of this shop, with all her keys, in order."""
    hers = ContactKey.objects.filter(shop_id=OuterRef("shop_id"), contact_id=OuterRef("id"))
    keys = ArraySubquery(hers.order_by("key").values("key"))
    found = Contact.objects.filter(shop_id=shop_id, id=contact_id).annotate(keys=keys).first()
    return None if found is None else (found, found.keys)


def contacts_by_id(shop_id: int, contact_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """Those of `contact_ids` that are people of this shop."""
    found = Contact.objects.filter(shop_id=shop_id, id__in=contact_ids)
    return {contact.id: contact for contact in found}


def main_key(contact: Contact) -> str | None:
    """The key under which what a person says is kept: her e-mail address if she has one."""
    if contact.email is not None:
        return f"email:{contact.email}"
    if contact.customer_id is not None:
        return f"customer:{contact.customer_id}"
    return None if contact.phone is None else f"phone:{contact.phone}"


def keys_of(shop_id: int, contact_id: UUID) -> list[str]:
    """All keys of a person, in order."""
    found = ContactKey.objects.filter(shop_id=shop_id, contact_id=contact_id)
    return list(found.order_by("key").values_list("key", flat=True))


def holders_of_keys(shop_id: int, keys: Sequence[str]) -> dict[str, UUID]:
    """The person behind each of `keys` that is known."""
    found = ContactKey.objects.filter(shop_id=shop_id, key__in=keys)
    return dict(found.values_list("key", "contact_id"))


def keys_without_reach(shop_id: int, keys: Sequence[str]) -> list[str]:
    """Those of these keys that are known, and by which nobody can be reached."""
    found = ContactKey.objects.filter(shop_id=shop_id, key__in=keys, reachable_at__isnull=True)
    return sorted(found.values_list("key", flat=True))


def consent_claims(shop_id: int, keys: Sequence[str]) -> list[ConsentClaim]:
    """What was said about consent by any of `keys`, the latest first: the proof."""
    found = ConsentClaim.objects.filter(shop_id=shop_id, key__in=keys)
    return list(found.order_by("-latest_at", "-latest_event"))


def refuses_sms(shop_id: int, number: str) -> bool:
    """Whether nothing may be sent to a number: it is suppressed, or someone it belongs to said no."""
    suppressed = Suppression.objects.filter(shop_id=shop_id, channel="sms", address=number)
    denied = Contact.objects.filter(shop_id=shop_id, phone=number, consent_sms="denied")
    return suppressed.exists() or denied.exists()


def rules_by_own_word(shop_id: int, contact_id: UUID, key: str) -> dict[str, str]:
    """What rules by channel, where the person herself has said just that under `key`."""
    contact = Contact.objects.get(shop_id=shop_id, id=contact_id)
    said = ConsentClaim.objects.filter(shop_id=shop_id, key=key, proven=True)
    words = set(said.values_list("channel", "state"))
    states = {
        channel: getattr(contact, f"consent_{channel}") for channel in ("email", "sms", "letter")
    }
    return {channel: state for channel, state in states.items() if (channel, state) in words}


def consent_history(shop_id: int, keys: Sequence[str]) -> list[ConsentWord]:
    """Every direct word about consent under any of `keys`, the latest first."""
    found = ConsentWord.objects.filter(shop_id=shop_id, key__in=keys)
    return list(found.order_by("-at", "-event_id", "channel"))


def addresses_of(contact: Contact, keys: Sequence[str]) -> list[str]:
    """All e-mail addresses and the phone of a person: what a suppression may name."""
    emails = [key.removeprefix("email:") for key in keys if key.startswith("email:")]
    return sorted({each for each in (*emails, contact.email, contact.phone) if each})


def contacts_at(shop_id: int, channel: str, address: str) -> list[UUID]:
    """Who is reached at an e-mail address or a number. Of postal addresses nobody asks."""
    if channel == "email":
        key = ContactKey.objects.filter(shop_id=shop_id, key=f"email:{address}")
        return list(key.values_list("contact_id", flat=True))
    found = Contact.objects.filter(shop_id=shop_id, phone=address)
    return list(found.order_by("id").values_list("id", flat=True)) if channel == "sms" else []


def suppressions(shop_id: int, addresses: Sequence[str]) -> list[Suppression]:
    """Which of `addresses` must never be used, and why."""
    found = Suppression.objects.filter(shop_id=shop_id, address__in=addresses)
    return list(found.order_by("created_at"))


# Begins the ids of claims that somebody made in Ripresa itself.
HAND = "by-hand:"


def claims_on_phone(shop_id: int, phone: str) -> list[PhoneClaim]:
    """Everybody's claims on a number; the last one owns it (CUS-5)."""
    found = PhoneClaim.objects.filter(shop_id=shop_id, phone=phone)
    return list(found.order_by("latest_at", "latest_event", "key"))


_Said = tuple[datetime, str, str]  # when, the event if known, the key


@dataclass(frozen=True, slots=True)
class PhoneMove:
    """A number that changed hands: `to_key` claimed it at `at`, after `from_key` had it (CUS-5).

    `stands`: nothing moved it since, so it may be undone. `by_hand`: this move is an undoing itself.
    """

    phone: str
    from_key: str
    to_key: str
    at: datetime
    stands: bool
    by_hand: bool


def phone_moves(shop_id: int, keys: Sequence[str]) -> list[PhoneMove]:
    """Moves between the person of `keys` and others, of the numbers that she ever claimed; the latest first.

    Known of each claim is when it was first and last made; a number that went to and fro more often shows
    the first and the last of it.
    """
    mine = PhoneClaim.objects.filter(shop_id=shop_id, key__in=keys)
    holder = ContactKey.objects.filter(shop_id=shop_id, key=OuterRef("key")).values("contact_id")
    claims = PhoneClaim.objects.filter(shop_id=shop_id, phone__in=mine.values("phone")).annotate(
        holder=Subquery(holder)
    )
    said: dict[str, set[_Said]] = defaultdict(set)
    for claim in claims:
        said[claim.phone].add((claim.latest_at, claim.latest_event, claim.key))
        if claim.earliest_at < claim.latest_at:
            said[claim.phone].add((claim.earliest_at, "", claim.key))
    holders = {claim.key: claim.holder or claim.key for claim in claims}
    hers = {holders.get(key, key) for key in keys}
    moves: list[PhoneMove] = []
    for phone, words in said.items():
        turns = [
            list(turn)
            for _, turn in groupby(sorted(words), key=lambda said: holders.get(said[2], said[2]))
        ]
        for before, after in pairwise(turns):
            (_, _, from_key), (at, event, to_key) = before[-1], after[0]
            if {holders.get(from_key, from_key), holders.get(to_key, to_key)} & hers:
                moves.append(
                    PhoneMove(
                        phone, from_key, to_key, at, after is turns[-1], event.startswith(HAND)
                    )
                )
    return sorted(moves, key=lambda move: (move.at, move.phone), reverse=True)
