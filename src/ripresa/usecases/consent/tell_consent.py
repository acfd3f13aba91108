"""Tell what a person agreed to: what rules in each channel, and everything that was ever said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.consents.policy import CHANNELS
from ripresa.domain.contacts.models import ConsentWord

_PROOF = (
    "key", "channel", "state", "proven", "at", "source", "text", "version", "ip", "by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConsentTold:
    """`states` by channel: granted, denied, pending or unknown. `history`: the latest first."""

    key: str
    contact_id: UUID
    states: Mapping[str, str]
    history: Sequence[ConsentWord]

    def plain(self) -> dict[str, Any]:
        """The same in plain values, for JSON."""
        words = [{name: getattr(word, name) for name in _PROOF} for word in self.history]
        return {"key": self.key, "contact": self.contact_id, **self.states, "history": words}


def tell_consent(*, shop_id: int, key: str) -> ConsentTold | None:
    """Consent of the person of `key`; None where nobody has it."""
    contact_id = contacts.holders_of_keys(shop_id, [key]).get(key)
    contact = contacts.find_contact(shop_id, contact_id)
    if contact is None:
        return None
    return ConsentTold(
        key,
        contact.id,
        {channel: getattr(contact, f"consent_{channel}") for channel in CHANNELS},
        contacts.consent_history(shop_id, contacts.keys_of(shop_id, contact.id)),
    )
