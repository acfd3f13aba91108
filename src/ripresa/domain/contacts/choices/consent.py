"""Consent by somebody's own hand: recorded as proof, in force when the transaction ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ripresa.core import query
from ripresa.domain.contacts import claims
from ripresa.domain.contacts.claims import Word
from ripresa.domain.contacts.consents import history
from ripresa.domain.contacts.locking import lock
from ripresa.domain.contacts.models import ContactKey


@dataclass(frozen=True, slots=True)
class Proof:
    """Where and in which words a person said so; `event_id` breaks ties of one instant.

    `version` of the words, `ip` of the person, and `by` whom it was written down, as far as known.
    """

    source: str
    text: str
    event_id: str
    version: str = ""
    ip: str = ""
    by: str = ""


def lock_holder(*, shop_id: int, key: str, contact_id: UUID) -> UUID:
    """Lock and return the person behind `key`; `contact_id` if the key is not known any more.

    A merge or a split may move the key while we wait for the lock: then its new person is locked.
    """
    holder = _holder(shop_id, key) or contact_id
    while True:
        lock(shop_id=shop_id, contact_ids=[holder])
        latest = _holder(shop_id, key) or contact_id
        if latest == holder:
            return holder
        holder = latest


def record(
    *,
    shop_id: int,
    key: str,
    states: Mapping[str, str],
    proof: Proof,
    at: datetime,
) -> None:
    """Record under `key` what its person, whose row is locked, says by channel: granted or denied.

    In force once her profile is brought up to date.
    """
    count = len(states)
    query.run(
        "ripresa.domain.contacts",
        "put_consents",
        shop_id=shop_id,
        keys=[key] * count,
        channels=list(states),
        states=list(states.values()),
        proven=[True] * count,
        earliest=[at] * count,
        latest=[at] * count,
        events=[proof.event_id] * count,
        sources=[proof.source] * count,
        texts=[proof.text] * count,
        versions=[proof.version] * count,
        ips=[proof.ip] * count,
    )
    said = claims.Proof(proof.source, proof.text, proof.version, proof.ip)
    words = {
        (key, channel, proof.event_id): Word(state, proven=True, at=at, proof=said)
        for channel, state in states.items()
    }
    history.add(shop_id=shop_id, words=words, by=proof.by)


def _holder(shop_id: int, key: str) -> UUID | None:
    found = ContactKey.objects.filter(shop_id=shop_id, key=key)
    return found.values_list("contact_id", flat=True).first()
