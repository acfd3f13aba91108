"""Mail a shop's owner what has paused itself, and why (SCN-11)."""

from datetime import datetime, timedelta
from html import escape

from django.db import transaction

from ripresa.contracts.channel import (
    Accepted,
    ChannelsOfShops,
    Fate,
    Mailbox,
    OutgoingEmail,
    Refused,
)
from ripresa.domain.messages import owner_notices
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import OwnerNotice
from ripresa.domain.shops.models import Shop

BATCH = 50
_TIMEOUT = timedelta(seconds=30)


def mail_owner(
    *, shop_id: int, now: datetime, channels: ChannelsOfShops, letterhead: Letterhead
) -> int:
    """Mail up to BATCH notices of a shop; returns how many were due.

    Without an owner's address there is nobody to mail: the notice stands where it is. A mail whose fate
    is unknown is not repeated.
    """
    with transaction.atomic():
        taken = owner_notices.take_due(shop_id=shop_id, now=now, limit=BATCH)
    if not taken:
        return 0
    shop = Shop.objects.get(id=shop_id)
    if not shop.owner_email:
        for notice in taken:
            owner_notices.settle(notice, is_mailed=False, may_retry=False, now=now)
        return len(taken)
    channel = channels.to_owner(shop_id, now)
    mails = [_mail(shop, notice, letterhead) for notice in taken]
    for start in range(0, len(mails), channel.in_flight):
        some = slice(start, start + channel.in_flight)
        fates = channel.send(mails[some], timeout=_TIMEOUT)
        for notice, fate in zip(taken[some], fates, strict=True):
            _settle(notice, fate, now)
    return len(taken)


def _settle(notice: OwnerNotice, fate: Fate, now: datetime) -> None:
    may_retry = isinstance(fate, Refused) and not fate.permanent
    owner_notices.settle(notice, is_mailed=isinstance(fate, Accepted), may_retry=may_retry, now=now)


def _mail(shop: Shop, notice: OwnerNotice, letterhead: Letterhead) -> OutgoingEmail:
    owner = Mailbox(shop.name, shop.owner_email)
    words = owner_notices.words_of(notice.kind, notice.about, notice.cause, shop.language)
    paragraphs = words.text.strip().split("\n\n")
    return OutgoingEmail(
        message_key=letterhead.message_key(shop.id, notice.id),
        message_id=letterhead.mail_id(shop.id, notice.id),
        sent_at_epoch=int(notice.created_at.timestamp()),
        sender=owner,
        recipient=owner,
        reply_to=None,
        envelope_from=owner.address,
        subject=words.subject,
        html="".join(f"<p>{escape(one)}</p>\n" for one in paragraphs),
        text="\n\n".join(paragraphs) + "\n",
        unsubscribe_url="",
        language=shop.language,
    )
