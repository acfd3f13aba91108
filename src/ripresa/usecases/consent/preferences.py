"""What the reader of a message gets, and in which language: told and changed by whoever holds its link."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.choices import consent as saying
from ripresa.domain.contacts.choices import language
from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.consents.policy import CHANNELS, policy_of
from ripresa.domain.messages import queries as outbox
from ripresa.usecases.consent.change_consent import Said, say
from ripresa.usecases.consent.unsubscribe import key_of_reader, note_link_used

SOURCE = "preference page"


class Switch(NamedTuple):
    """One line of the page: the channels it stands for, whether they are on, and whether they can't be."""

    name: str
    channels: tuple[str, ...]
    is_on: bool
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the reader of a message gets. `language`: her own choice, None: none."""

    channel: str
    switches: tuple[Switch, ...]
    language: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What she chose: `words` by switch that she turned on are the proof; `off` are those turned off."""

    words: Mapping[str, str]
    off: Collection[str]
    language: str | None
    ip: str


def tell_preferences(*, shop_id: int, message_id: UUID) -> Preferences:
    """What the reader of a message gets now."""
    message = outbox.find_reader(shop_id, message_id)
    if message.contact.erased_at is not None:
        return Preferences(message.channel, (), None)
    key = key_of_reader(message)
    holder = contacts.holders_of_keys(shop_id, [key]).get(key, message.contact_id)
    contact = contacts.find_contact(shop_id, holder) or message.contact
    keys = contacts.keys_of(shop_id, contact.id)
    listed = contacts.suppressions(shop_id, contacts.addresses_of(contact, keys))
    blocked = {each.channel for each in listed}
    policy = policy_of(shop_id)
    groups = dict.fromkeys(policy.stopped_with(channel) for channel in CHANNELS)
    switches = tuple(
        Switch(
            "_and_".join(group),
            group,
            is_on=all(
                getattr(contact, f"consent_{channel}") in {"granted", "unknown"}
                for channel in group
            ),
            is_blocked=blocked.issuperset(group),
        )
        for group in groups
    )
    return Preferences(message.channel, switches, language.language_of(shop_id, key))


@transaction.atomic
def set_preferences(
    *, shop_id: int, message_id: UUID, token_hash: bytes, wish: Wish, now: datetime
) -> None:
    """Do what the reader of a message wishes, with proof. What she did not touch stays as it is."""
    message = outbox.find_reader(shop_id, message_id)
    if message.contact.erased_at is not None:
        return  # nobody is left to wish anything
    key = key_of_reader(message)
    changes = {**dict.fromkeys(wish.off, "denied"), **dict.fromkeys(wish.words, "granted")}
    for name, state in changes.items():
        text = wish.words.get(name, f"link of message {message_id}")
        proof = Proof(SOURCE, text, f"preferences:{new_id(now)}", ip=wish.ip)
        channels = name.split("_and_")
        said = Said(dict.fromkeys(channels, state), proof, now)
        say(shop_id=shop_id, contact_id=message.contact_id, key=key, said=said, now=now)
        if state == "denied" and message.channel in channels:
            note_link_used(shop_id=shop_id, message_id=message_id, token_hash=token_hash, now=now)
    if wish.language != language.language_of(shop_id, key):
        contact_id = saying.lock_holder(shop_id=shop_id, key=key, contact_id=message.contact_id)
        language.choose_language(
            shop_id=shop_id, contact_id=contact_id, key=key, language=wish.language, now=now
        )
