"""Double opt-in by text: ask a number, once, whether a yes typed into a page was hers (CNS-1).

She answers YES, or opens the link and presses its button. A name as sender can't be answered: then there
is the link alone.
"""

from datetime import datetime, timedelta

from django.db import transaction

from ripresa.contracts.channel import Accepted, Fate, OutgoingSms, Refused
from ripresa.contracts.sms.sending import is_number
from ripresa.domain.contacts.consents import requests
from ripresa.domain.contacts.consents.request_words import WORDS
from ripresa.domain.contacts.consents.requests import MOST_ATTEMPTS, Request
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.providers.queries import active_accounts
from ripresa.domain.scenarios.senders import sms_origin
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.queries import is_stopped
from ripresa.usecases.ask_for_consent import links_of
from ripresa.usecases.send_messages import Post

BATCH = 20
# Whoever holds the page's key can type any number, and each question costs: so many in an hour for a shop.
MOST_PER_HOUR = 60
_TIMEOUT = timedelta(seconds=30)
_TRY_AGAIN = timedelta(minutes=30)


def shops_to_ask(now: datetime) -> list[int]:
    """The shops that have a number to ask."""
    return requests.shops_with_due(now, "sms")


def send_texts(*, shop_id: int, now: datetime, post: Post) -> int:
    """Ask up to BATCH numbers of a shop; returns how many were due. Without an account, they wait."""
    shop = Shop.objects.get(id=shop_id)
    if shop.shadow_since is not None:
        return requests.let_go_of_due(shop_id=shop_id, now=now, channel="sms")
    account = next((one for one in active_accounts(shop_id) if one.kind == "sms"), None)
    if is_stopped(shop) or account is None or account.paused_at is not None:
        return 0
    left = MOST_PER_HOUR - requests.texts_sent_since(shop_id, now - timedelta(hours=1))
    if left <= 0:
        return 0
    with transaction.atomic():
        taken = requests.take_due(shop_id=shop_id, now=now, limit=min(BATCH, left), channel="sms")
    if not taken:
        return 0
    channel = post.channels.of(shop_id, now).sms
    can_be_answered = _can_be_answered(account.settings.get("sender", ""))
    texts = [_text(shop, each, post.letterhead, can_be_answered) for each in taken]
    for start in range(0, len(texts), channel.in_flight):
        some = slice(start, start + channel.in_flight)
        fates = channel.send(texts[some], timeout=_TIMEOUT)
        for request, fate in zip(taken[some], fates, strict=True):
            _settle(shop_id, request, fate, now)
    return len(taken)


def _can_be_answered(sender: str) -> bool:
    """A number, a short code, or a service that picks a number (Twilio's MG…)."""
    return is_number(sender) or sender.isdigit() or sender.startswith("MG")


def _text(
    shop: Shop,
    request: Request,
    letterhead: Letterhead,
    can_be_answered: bool,  # noqa: FBT001
) -> OutgoingSms:
    spoken = (request.language or "").partition("-")[0].lower()
    language = next((one for one in (spoken, shop.language) if one in WORDS), "en")
    words = WORDS[language].by_reply if can_be_answered else WORDS[language].by_text
    base = letterhead.short_url or letterhead.public_url
    link = f"{base}/c/{links_of(letterhead).sign(shop.id, request.id)}"
    return OutgoingSms(
        idempotency_key=letterhead.message_key(shop.id, request.id),
        sender=sms_origin(shop),
        recipient=request.address,
        text=words.format(shop=shop.name, link=link),
        language=language,
    )


def _settle(shop_id: int, request: Request, fate: Fate, now: datetime) -> None:
    may_retry = isinstance(fate, Refused) and not fate.permanent
    again = now + _TRY_AGAIN if may_retry and request.attempts < MOST_ATTEMPTS else None
    is_sent = isinstance(fate, Accepted) or not isinstance(fate, Refused)
    requests.settle(
        shop_id=shop_id, request_id=request.id, sent_at=now if is_sent else None, due_at=again
    )
