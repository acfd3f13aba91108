"""Pass an answer on to the agent, or to the shop's owner, in words that say whose it is.

It is a mail of its own: answered, it goes to the customer. Its Message-ID is a signed id, by which we
know it again if it should come back to us.
"""

import tomllib
from datetime import datetime
from functools import lru_cache
from html import escape
from importlib.resources import files

from ripresa.channels.mailbox.answer import writer_of
from ripresa.channels.mailbox.reading.mail import Mail
from ripresa.contracts.channel import Mailbox, OutgoingEmail
from ripresa.core.signed_ids import SignedIds
from ripresa.domain.deals.assigning import agents_of
from ripresa.domain.mailroom.models import ReceivedMail
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Message
from ripresa.domain.shops.models import Shop

LONGEST_TEXT = 50_000


def agent_of(shop: Shop, message: Message, now: datetime) -> Mailbox | None:
    """Whom an answer to `message` goes to: her agent who is there, else the owner; None: nobody."""
    found = agents_of(shop_id=shop.id, contact_ids=[message.contact_id], now=now)
    agent = found.get(message.contact_id)
    if agent is not None and agent.email and not agent.is_away:
        return Mailbox(agent.name, agent.email)
    return Mailbox(shop.name, shop.owner_email) if shop.owner_email else None


def was_passed_on(keys: tuple[str, ...], letterhead: Letterhead) -> bool:
    """True when one of the ids is that of an answer that we passed on."""
    return any(_ids(letterhead).read(key) is not None for key in keys)


def forwarded(
    received: ReceivedMail,
    mail: Mail,
    message: Message,
    *,
    shop: Shop,
    to: Mailbox,
    head: Letterhead,
) -> OutgoingEmail:
    """The mail by which an answer to `message` is passed on: the same, however often it is tried."""
    writer = writer_of(mail)
    own = message.sender.email if message.sender is not None else shop.owner_email
    key = _ids(head).sign(shop.id, received.id)
    words = _words_in(shop.language)
    intro = words["intro"].format(
        name=writer.name or writer.address, address=writer.address, subject=message.subject or ""
    )
    parts = [intro, mail.whole.strip()[:LONGEST_TEXT]]
    if mail.attachments:
        parts.append(words["attachments"].format(names=", ".join(mail.attachments[:20])))
    text = "\n\n".join(parts) + "\n"
    return OutgoingEmail(
        message_key=key,
        message_id=f"{key}@{head.mail_id(shop.id, received.id).partition('@')[2]}",
        sent_at_epoch=int(received.received_at.timestamp()),
        sender=Mailbox(f"{writer.name or writer.address} ({shop.name})", own),
        recipient=to,
        reply_to=writer,
        envelope_from=own,
        subject=mail.header("subject")[:200] or f"Re: {message.subject or ''}",
        html="".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>\n" for part in parts),
        text=text,
        unsubscribe_url="",
        language=shop.language,
    )


def _ids(letterhead: Letterhead) -> SignedIds:
    return SignedIds(letterhead.secret_key, "passed on")


def _words_in(language: str) -> dict[str, str]:
    known = _words()
    return known.get(language.partition("-")[0], known["en"])


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    text = (files("ripresa.usecases.mailroom") / "forwarding.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
