"""Mail figures that are due, through the channel that reaches the shop's owner."""

from datetime import datetime, timedelta

from ripresa.contracts.channel import ChannelsOfShops, Mailbox, OutgoingEmail, Refused
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.shops.models import Shop
from ripresa.usecases.digests import wishes
from ripresa.usecases.digests.digest import LANGUAGES, digest
from ripresa.usecases.digests.periods import told_from
from ripresa.usecases.digests.wishes import Due
from ripresa.usecases.reporting.keeping import catch_up

BATCH = 20
_TIMEOUT = timedelta(seconds=30)


def send_digests(
    *, shop_id: int, now: datetime, channels: ChannelsOfShops, letterhead: Letterhead
) -> int:
    """Mail up to BATCH members of a shop; returns how many were due.

    The period is taken first, so a mail whose fate is unknown is not repeated.
    """
    taken = wishes.take_due(shop_id=shop_id, now=now, limit=BATCH)
    if not taken:
        return 0
    catch_up(shop_id=shop_id, now=now)
    shop = Shop.objects.get(id=shop_id)
    channel = channels.to_owner(shop_id, now)
    mails = [_mail(shop, one, letterhead) for one in taken]
    for start in range(0, len(mails), channel.in_flight):
        some = slice(start, start + channel.in_flight)
        fates = channel.send(mails[some], timeout=_TIMEOUT)
        for one, fate in zip(taken[some], fates, strict=True):
            if isinstance(fate, Refused) and not fate.permanent:
                wishes.try_again(one, now=now)
            else:
                wishes.settle(one)
    return len(taken)


def _mail(shop: Shop, one: Due, letterhead: Letterhead) -> OutgoingEmail:
    sender = Mailbox(shop.name, shop.owner_email or one.user.email)
    language = one.wish.language if one.wish.language in LANGUAGES else LANGUAGES[0]
    out = f"{letterhead.public_url}/d/{wishes.links_of(letterhead).sign(shop.id, one.wish.id)}"
    begin, end = one.period
    told = digest(
        shop=shop,
        period=one.period,
        language=language,
        report_url=f"{letterhead.public_url}/{shop.slug}/reports/?from={begin}&until={end}",
        unsubscribe_url=out,
    )
    # The same period is the same mail, though it was refused before.
    name = f"{wishes.links_of(letterhead).sign(shop.id, one.wish.id)}"
    host = letterhead.mail_id(shop.id, one.wish.id).partition("@")[2]
    return OutgoingEmail(
        message_key=letterhead.message_key(shop.id, one.wish.id),
        message_id=f"{name}.{end:%Y%m%d}@{host}",
        sent_at_epoch=int(told_from(one.period, wishes.zone_name(shop.id)).timestamp()),
        sender=sender,
        recipient=Mailbox(one.user.get_full_name(), one.user.email),
        reply_to=None,
        envelope_from=sender.address,
        subject=told.subject,
        html=told.html,
        text=told.text,
        unsubscribe_url=out,
        language=language,
    )
