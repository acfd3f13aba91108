"""Run errands for numbers: answer HELP, and keep the provider's own list of numbers in step with ours."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from ripresa.contracts.channel import Accepted, Channels, OutgoingSms, Refused
from ripresa.contracts.sms.sending import CanSuppress
from ripresa.domain.contacts.models import Contact
from ripresa.domain.contacts.queries import suppressions
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Sender
from ripresa.domain.providers import errands
from ripresa.domain.providers.models import SmsErrand
from ripresa.domain.scenarios.senders import sms_origin
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.queries import is_stopped
from ripresa.usecases.send_messages import Post
from ripresa.usecases.texting.help_words import WORDS

BATCH = 20
_TIMEOUT = timedelta(seconds=20)
_log = structlog.get_logger("ripresa.texting")


def run_errands(*, shop_id: int, now: datetime, post: Post) -> int:
    """Run up to BATCH errands of a shop; returns how many were due."""
    with transaction.atomic():
        taken = errands.take_due(shop_id=shop_id, now=now, limit=BATCH)
    if not taken:
        return 0
    shop = Shop.objects.get(id=shop_id)
    channels = post.channels.of(shop_id, now)
    for errand in taken:
        if "sms" not in channels.accounts:
            # Nobody carries what this shop sends by SMS any more: there is nothing left to do.
            errands.settle(errand, is_done=True, may_retry=False, now=now)
        elif errand.topic == errands.HELP:
            _help(shop, errand, channels, post.letterhead, now)
        else:
            _tell_provider(errand, channels, now)
    return len(taken)


def _help(
    shop: Shop, errand: SmsErrand, channels: Channels, letterhead: Letterhead, now: datetime
) -> None:
    held = [one for one in suppressions(shop.id, [errand.phone]) if one.channel == "sms"]
    if is_stopped(shop) or held:
        errands.settle(errand, is_done=True, may_retry=False, now=now)
        return
    (fate,) = channels.sms.send([help_text(shop, errand, letterhead)], timeout=_TIMEOUT)
    if not isinstance(fate, Accepted):
        _log.warning("HELP was not answered", shop=shop.id, reason=fate.detail)
    # An answer whose fate is unknown is not repeated.
    may_retry = isinstance(fate, Refused) and not fate.permanent
    is_done = isinstance(fate, Accepted) or not isinstance(fate, Refused)
    errands.settle(errand, is_done=is_done, may_retry=may_retry, now=now)


def help_text(shop: Shop, errand: SmsErrand, letterhead: Letterhead) -> OutgoingSms:
    """The answer, in the language of whoever asked as far as we speak it."""
    asker = Contact.objects.filter(shop_id=shop.id, phone=errand.phone).order_by("-id").first()
    spoken = ((asker.locale if asker else "") or "").partition("-")[0].lower()
    language = next((one for one in (spoken, shop.language) if one in WORDS), "en")
    return OutgoingSms(
        idempotency_key=f"{letterhead.message_key(shop.id, errand.id)}-{errand.asked_at:%d%H%M}",
        sender=sms_origin(shop),
        recipient=errand.phone,
        text=WORDS[language].format(shop=shop.name, contact=contact_of(shop)),
        language=language,
    )


def contact_of(shop: Shop) -> str:
    """Where the shop's people are found: what it says itself, else its sender's address, else its site."""
    if shop.help_contact:
        return shop.help_contact
    sender = Sender.objects.filter(shop_id=shop.id, paused_at__isnull=True).order_by("-id").first()
    if sender is not None:
        return sender.reply_to or sender.email
    return shop.owner_email or shop.store_url or shop.name


def _tell_provider(errand: SmsErrand, channels: Channels, now: datetime) -> None:
    channel = channels.sms
    if not isinstance(channel, CanSuppress):
        errands.settle(errand, is_done=True, may_retry=False, now=now)
        return
    is_done = channel.set_suppressed(errand.phone, suppressed=errand.is_on, timeout=_TIMEOUT)
    if not is_done:
        _log.warning("the provider's list was not changed", shop=errand.shop_id)
    errands.settle(errand, is_done=is_done, may_retry=not is_done, now=now)
