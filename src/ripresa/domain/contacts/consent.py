"""A refusal by the person's own hand: recorded as proof, in force when the transaction ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ripresa.core import query
from ripresa.domain.contacts import profile
from ripresa.domain.contacts.locking import lock
from ripresa.domain.contacts.models import ContactKey
from ripresa.domain.contacts.people import People


@dataclass(frozen=True, slots=True)
class Proof:
    """Where and in which words a person said so; `event_id` breaks ties of one instant."""

    source: str
    text: str
    event_id: str


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


def refuse(
    *,
    shop_id: int,
    contact_id: UUID,
    key: str,
    channels: Sequence[str],
    proof: Proof,
    now: datetime,
) -> None:
    """Record under `key` that its person, whose row is locked, refuses `channels`."""
    count = len(channels)
    query.run(
        "ripresa.domain.contacts",
        "put_consents",
        shop_id=shop_id,
        keys=[key] * count,
        channels=list(channels),
        states=["denied"] * count,
        proven=[True] * count,
        earliest=[now] * count,
        latest=[now] * count,
        events=[proof.event_id] * count,
        sources=[proof.source] * count,
        texts=[proof.text] * count,
    )
    profile.refresh(shop_id=shop_id, contact_ids=[contact_id], people=People())


def _holder(shop_id: int, key: str) -> UUID | None:
    found = ContactKey.objects.filter(shop_id=shop_id, key=key)
    return found.values_list("contact_id", flat=True).first()
