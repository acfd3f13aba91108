"""Unsubscribe: whoever holds a message's link may end such messages to its reader (CNS-2).

The refusal, its proof and the cancelling of what is planned are one transaction under the contact's
lock, the one that hand-over takes: nothing leaves after the answer.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.domain.contacts import consent
from ripresa.domain.contacts.consent import Proof
from ripresa.domain.messages.models import Message, MessageLink
from ripresa.domain.scenarios import operations as scenarios

EVERY_CHANNEL = ("email", "sms", "letter")
SOURCE = "unsubscribe link"


def _key(message: Message) -> str:
    """The key under which the reader is known; of a mail, that of the address it went to."""
    contact = message.contact
    if message.channel == "email" and message.to_address:
        return f"email:{message.to_address}"
    if contact.email is not None:
        return f"email:{contact.email}"
    if contact.customer_id is not None:
        return f"customer:{contact.customer_id}"
    return f"phone:{contact.phone}"


@transaction.atomic
def unsubscribe(
    *, shop_id: int, message_id: UUID, token_hash: bytes, channels: Sequence[str], now: datetime
) -> None:
    """Refuse `channels` for the reader of a message. Doing it twice changes nothing more."""
    message = Message.objects.select_related("contact").get(shop_id=shop_id, id=message_id)
    key = _key(message)
    contact_id = consent.lock_holder(shop_id=shop_id, key=key, contact_id=message.contact_id)
    consent.refuse(
        shop_id=shop_id,
        contact_id=contact_id,
        key=key,
        channels=channels,
        proof=Proof(SOURCE, f"link of message {message_id}", f"unsubscribe:{message_id}"),
        now=now,
    )
    for channel in channels:
        scenarios.cancel_channel(
            shop_id=shop_id,
            contact_ids=[contact_id],
            channel=channel,
            reason="unsubscribed",
            now=now,
        )
    links = MessageLink.objects.filter(shop_id=shop_id, token_hash=token_hash)
    links.filter(used_at__isnull=True).update(used_at=now)
