"""Try a provider account: sign in, look what is left, and, if asked to, send a mail that is a test."""

from datetime import datetime, timedelta
from html import escape
from typing import Any

from ripresa.contracts.calling.asking import Tried
from ripresa.contracts.calling.sayings import Saying, say
from ripresa.contracts.channel import Channel, Fate, Mailbox, OutgoingEmail
from ripresa.contracts.provider import Balance, CanBeTried, HasBalance
from ripresa.core.ids import new_id
from ripresa.domain.contacts.queries import suppressions
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Sender
from ripresa.domain.scenarios.senders import is_address
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.queries import is_stopped
from ripresa.domain.templates.render import Rendered
from ripresa.usecases.templates.try_sms import NotPossible

_TIMEOUT = timedelta(seconds=20)
_WORDS = "This is a test of the account that carries the mails of {shop}. It was asked for by hand."


def try_out(channel: Channel[Any]) -> Tried | None:
    """Whether its provider lets the account in; None: it can't be asked without sending."""
    if not isinstance(channel, CanBeTried):
        return None
    tried = channel.try_out(timeout=_TIMEOUT)
    balance = None
    if tried.is_good and isinstance(channel, HasBalance):
        balance = channel.balance(timeout=_TIMEOUT)
    if balance is None:
        return tried
    return Tried(is_good=True, found=_left(tried.found, balance))


def _left(found: str, balance: Balance) -> Saying:
    if balance.unit == "points":
        return say("{found}; {amount} points is left", found=found, amount=balance.amount)
    amount = f"{balance.amount} {balance.unit}"
    return say("{found}; {amount} is left", found=found, amount=amount)


def make_test_mail(*, shop: Shop, to: str, letterhead: Letterhead, now: datetime) -> OutgoingEmail:
    """A mail that says that it is a test, from the shop's sender or owner. Raises NotPossible."""
    words = _WORDS.format(shop=shop.name)
    said = Rendered(f"A test from {shop.name}", f"<p>{escape(words)}</p>", f"{words}\n")
    return mail_to(shop=shop, to=to, words=said, language="en", letterhead=letterhead, now=now)


def mail_to(
    *, shop: Shop, to: str, words: Rendered, language: str, letterhead: Letterhead, now: datetime
) -> OutgoingEmail:
    """Words as a mail of no message, from the shop's sender or owner. Raises NotPossible."""
    to = to.strip().lower()
    if not is_address(to):
        raise NotPossible(f"{to!r} is no e-mail address", "address")
    if any(one.channel == "email" for one in suppressions(shop.id, [to])):
        raise NotPossible(f"{to} is suppressed: not even a test goes there", "suppressed")
    if is_stopped(shop):
        raise NotPossible("all sending is stopped: ripresa start lifts that", "stopped")
    sender = _sender(shop)
    mail_id = new_id(now)
    return OutgoingEmail(
        message_key=letterhead.message_key(shop.id, mail_id),
        message_id=letterhead.mail_id(shop.id, mail_id),
        sent_at_epoch=int(now.timestamp()),
        sender=sender,
        recipient=Mailbox("", to),
        reply_to=None,
        envelope_from=sender.address,
        subject=words.subject,
        html=words.html,
        text=words.text,
        unsubscribe_url="",
        language=language,
    )


def _sender(shop: Shop) -> Mailbox:
    stored = Sender.objects.filter(shop_id=shop.id, paused_at__isnull=True).order_by("-id").first()
    if stored is not None:
        return Mailbox(stored.name, stored.email)
    if not shop.owner_email:
        message = "the shop has no sender: ripresa sender add, or give it an owner's address"
        raise NotPossible(message, "no_sender")
    return Mailbox(shop.name, shop.owner_email)


def send_mail(channel: Channel[OutgoingEmail], mail: OutgoingEmail) -> Fate:
    """Hand it over."""
    (fate,) = channel.send([mail], timeout=_TIMEOUT)
    return fate
