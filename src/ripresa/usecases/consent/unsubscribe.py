"""Unsubscribe: whoever holds a message's link may end such messages to its reader (CNS-2)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.attribution import stale
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.messages.models import Message, MessageLink
from ripresa.usecases.consent.change_consent import Said, say

EVERY_CHANNEL = ("email", "sms", "letter")
SOURCE = "unsubscribe link"


def key_of_reader(message: Message) -> str:
    """The key under which the reader is known; of a mail, that of the address it went to."""
    if message.channel == "email" and message.to_address:
        return f"email:{message.to_address}"
    return contacts.main_key(message.contact) or f"phone:{message.to_address}"


@transaction.atomic
def unsubscribe(
    *, shop_id: int, message_id: UUID, token_hash: bytes, channels: Sequence[str], now: datetime
) -> None:
    """Refuse `channels` for the reader of a message. Doing it twice changes nothing more."""
    message = Message.objects.select_related("contact").get(shop_id=shop_id, id=message_id)
    if message.contact.erased_at is not None:
        return  # nobody is left to write to
    proof = Proof(SOURCE, f"link of message {message_id}", f"unsubscribe:{new_id(now)}")
    say(
        shop_id=shop_id,
        contact_id=message.contact_id,
        key=key_of_reader(message),
        said=Said(dict.fromkeys(channels, "denied"), proof, now),
        now=now,
    )
    note_link_used(shop_id=shop_id, message_id=message_id, token_hash=token_hash, now=now)


def note_link_used(*, shop_id: int, message_id: UUID, token_hash: bytes, now: datetime) -> None:
    """Note that a message's link ended such messages: reports count it. A later time changes nothing."""
    links = MessageLink.objects.filter(shop_id=shop_id, token_hash=token_hash)
    links.filter(used_at__isnull=True).update(used_at=now)
    stale.mark_messages(shop_id=shop_id, message_ids=[message_id], now=now)
