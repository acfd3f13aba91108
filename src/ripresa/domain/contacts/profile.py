"""A contact row is the sum of its keys' facts; this computes it again and writes what changed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.core import query
from ripresa.domain.contacts.consents.policy import CHANNELS, policy_of
from ripresa.domain.contacts.models import SuppressedDigest
from ripresa.domain.contacts.people import People
from ripresa.domain.contacts.rules import ConsentWord, Facts, merge_facts
from ripresa.domain.contacts.suppressions import by_hand
from ripresa.domain.webhooks.telling import tell

_run = partial(query.run, "ripresa.domain.contacts")
_FIELDS = (
    "email", "phone", "customer_id", "first_name", "last_name", "locale", "timezone", "address",
    "agent", "reachable_at", "consent_email", "consent_sms", "consent_letter",
)  # fmt: skip
# What a person chose herself beats what is said of her (LNG-2).
_CHOSEN = "chosen_locale"


@dataclass(slots=True)
class _Known:
    """What the keys of some people say, and their rows as they are."""

    before: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)
    facts: dict[UUID, list[Facts]] = field(default_factory=lambda: defaultdict(list))
    reachable: dict[UUID, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    contact_of: dict[str, UUID] = field(default_factory=dict)


def refresh(*, shop_id: int, contact_ids: Iterable[UUID], people: People, now: datetime) -> None:
    """Bring these people's rows up to date, noting in `people` who became reachable at another instant.

    What they allow now and did not before, or the other way round, is told to the outside.
    """
    ids = sorted(contact_ids)
    if not ids:
        return
    known = _read(shop_id, ids)
    words = _words(shop_id, known.contact_of)
    policy = policy_of(shop_id)
    phones = _phones(shop_id, known.contact_of)
    rows = []
    ruled: list[Happening] = []
    for contact, old in known.before.items():
        facts, phone = merge_facts(known.facts[contact]), phones.get(contact)
        hers = {channel: words[(contact, channel)] for channel in CHANNELS}
        consents = policy.consents(hers, country=_country(facts), phone=phone)
        since = min(known.reachable[contact], default=None)
        new = (*_profile(facts, phone), since, *consents)
        if new != _comparable(old):
            rows.append((contact, *new))
            before = dict(zip(_FIELDS, old, strict=True))
            _note(people, contact, before, new)
            ruled += _ruled(contact, before, consents, now)
    if ruled:
        types = [HappeningType.CONSENT_CHANGED]
        tell(shop_id=shop_id, types=types, happened=lambda: ruled, now=now)
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        _recognise(shop_id, rows)
        _run(
            "put_contacts", shop_id=shop_id, ids=columns[0], **dict(zip(_FIELDS, columns[1:], strict=True))
        )  # fmt: skip


def _read(shop_id: int, ids: list[UUID]) -> _Known:
    known = _Known()
    for contact, key, text, since, *row, language, chosen_at in _run(
        "people", shop_id=shop_id, ids=ids
    ):
        known.before[contact] = tuple(row)
        known.contact_of[key] = contact
        known.facts[contact].append(msgspec.json.decode(text, type=Facts))
        if chosen_at is not None:
            known.facts[contact].append({_CHOSEN: (True, chosen_at, key, language)})
        if since is not None:
            known.reachable[contact].append(since)
    return known


def _recognise(shop_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """An address that is new here may stand on a list that tells only digests."""
    if not SuppressedDigest.objects.filter(shop_id=shop_id).exists():
        return
    for channel, name in (("email", "email"), ("sms", "phone")):
        place = 1 + _FIELDS.index(name)
        addresses = {row[place] for row in rows if row[place]}
        by_hand.recognise(shop_id=shop_id, channel=channel, addresses=addresses)


def _comparable(old: tuple[Any, ...]) -> tuple[Any, ...]:
    address = old[_FIELDS.index("address")]
    canonical = None if address is None else _canonical(msgspec.json.decode(address))
    return tuple(
        canonical if name == "address" else value for name, value in zip(_FIELDS, old, strict=True)
    )


def _canonical(address: object) -> str:
    return msgspec.json.encode(address, order="deterministic").decode()


def _profile(known: Facts, phone: str | None) -> tuple[str | None, ...]:
    """The columns email … agent of a contact row."""
    values = {name: fact[3] for name, fact in known.items()}
    values["phone"] = phone
    values["locale"] = values.get(_CHOSEN) or values.get("locale")
    if (address := values.get("address")) is not None:
        values["address"] = _canonical(address)
    return tuple(
        None if (value := values.get(name)) is None else str(value) for name in _FIELDS[:9]
    )


def _country(known: Facts) -> str | None:
    address = known["address"][3] if "address" in known else None
    return address.get("country") if isinstance(address, dict) else None


def _words(shop_id: int, contact_of: dict[str, UUID]) -> dict[tuple[UUID, str], list[ConsentWord]]:
    words: dict[tuple[UUID, str], list[ConsentWord]] = defaultdict(list)
    for key, channel, state, proven, at, event_id in _run(
        "consents_of_keys", shop_id=shop_id, keys=list(contact_of)
    ):
        words[(contact_of[key], channel)].append(ConsentWord(state, proven, at, event_id))
    return words


def _phones(shop_id: int, contact_of: dict[str, UUID]) -> dict[UUID, str]:
    """Of the numbers a person claimed and still owns, the latest; else the one she is known by alone."""
    best: dict[UUID, tuple[Any, ...]] = {}
    for key, phone, at, event_id, owner in _run(
        "phones_of_keys", shop_id=shop_id, keys=list(contact_of)
    ):
        contact = contact_of[key]
        if contact_of.get(owner) == contact:
            best[contact] = max(best.get(contact, (at, event_id, phone)), (at, event_id, phone))
    phones = {contact: claim[2] for contact, claim in best.items()}
    for key, contact in sorted(contact_of.items()):
        if key.startswith("phone:"):
            phones.setdefault(contact, key.removeprefix("phone:"))
    return phones


def _note(people: People, contact: UUID, old: dict[str, Any], new: tuple[Any, ...]) -> None:
    fresh = dict(zip(_FIELDS, new, strict=True))
    if fresh["reachable_at"] != old["reachable_at"] and contact not in people.created:
        people.stirred.add(contact)


def _ruled(
    contact: UUID, before: dict[str, Any], consents: Sequence[str], now: datetime
) -> list[Happening]:
    """The channels in which something else rules now."""
    return [
        Happening(
            HappeningType.CONSENT_CHANGED,
            contact,
            now,
            {"channel": channel, "state": state, "before": before[f"consent_{channel}"]},
            contact_id=contact,
        )
        for channel, state in zip(CHANNELS, consents, strict=True)
        if state != before[f"consent_{channel}"]
    ]
