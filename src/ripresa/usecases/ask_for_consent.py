"""Double opt-in: ask, once and without a word of advertising, whether a yes typed into a page was hers.

By mail; for numbers see texting/asking.py.

The answer is a page with a button; only the button counts, for scanners follow links.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from django.db import transaction

from ripresa.contracts.channel import Accepted, Fate, Mailbox, OutgoingEmail, Refused
from ripresa.core.ids import new_id
from ripresa.core.signed_ids import SignedIds
from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.consents import requests
from ripresa.domain.contacts.consents.request_words import WORDS
from ripresa.domain.contacts.consents.requests import LINK_LASTS, MOST_ATTEMPTS, Request
from ripresa.domain.contacts.models import ConsentClaim, ConsentRequest
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Sender
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.queries import is_stopped
from ripresa.usecases.consent.consent_answers import SOURCE, agree, channel_of
from ripresa.usecases.send_messages import Post

BATCH = 50
_TIMEOUT = timedelta(seconds=30)
_TRY_AGAIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its page shows it."""

    shop: Shop
    request: ConsentRequest
    text: str
    is_expired: bool

    @property
    def channel(self) -> str:
        """What is asked about: email, or sms."""
        return channel_of(self.request)


def links_of(letterhead: Letterhead) -> SignedIds:
    """The signed ids that stand in these mails."""
    return SignedIds(letterhead.secret_key, "consent request")


def send_requests(*, shop_id: int, now: datetime, post: Post) -> int:
    """Mail up to BATCH people of a shop; returns how many were due. Unknown fates are not repeated."""
    shop = Shop.objects.get(id=shop_id)
    if is_stopped(shop):
        return 0
    if shop.shadow_since is not None:
        return requests.let_go_of_due(shop_id=shop_id, now=now)
    with transaction.atomic():
        taken = requests.take_due(shop_id=shop_id, now=now, limit=BATCH)
    sender = _sender(shop)
    if not taken or sender is None:
        return 0
    channel = post.channels.of(shop_id, now).email
    mails = [_mail(shop, sender, each, post.letterhead) for each in taken]
    for start in range(0, len(mails), channel.in_flight):
        some = slice(start, start + channel.in_flight)
        fates = channel.send(mails[some], timeout=_TIMEOUT)
        for request, fate in zip(taken[some], fates, strict=True):
            _settle(shop_id, request, fate, now)
    return len(taken)


def find_asked(text: str, letterhead: Letterhead, now: datetime) -> Asked | None:
    """What a link of such a mail leads to; None: we have not signed it, or it is gone."""
    named = links_of(letterhead).read(text)
    shop = None if named is None else Shop.objects.filter(id=named.shop_id).first()
    request = None if named is None else requests.find(named.shop_id, named.row_id)
    if shop is None or request is None:
        return None
    claim = ConsentClaim.objects.filter(
        shop_id=shop.id, key=request.key, channel=channel_of(request), state="pending"
    ).first()
    is_expired = request.sent_at is None or request.sent_at + LINK_LASTS < now
    return Asked(shop, request, claim.text if claim else "", is_expired)


def confirm(*, asked: Asked, words: str, ip: str, now: datetime) -> None:
    """Record that it was she: a proven consent, with the words she saw. Twice is as good as once."""
    proof = Proof(SOURCE, asked.text or words, f"confirmed:{new_id(now)}", ip=ip)
    agree(shop_id=asked.shop.id, request=asked.request, proof=proof, at=now, now=now)


def _sender(shop: Shop) -> Mailbox | None:
    """Who asks: a sender of the shop's that is not held, else its owner."""
    found = Sender.objects.filter(shop_id=shop.id, paused_at__isnull=True).order_by("-id").first()
    if found is not None:
        return Mailbox(found.name, found.email)
    return Mailbox(shop.name, shop.owner_email) if shop.owner_email else None


def _mail(shop: Shop, sender: Mailbox, request: Request, letterhead: Letterhead) -> OutgoingEmail:
    spoken = (request.language or "").partition("-")[0].lower()
    language = next((one for one in (spoken, shop.language) if one in WORDS), "en")
    words = WORDS[language]
    link = f"{letterhead.public_url}/c/{links_of(letterhead).sign(shop.id, request.id)}"

    paragraphs = [
        words.asked.format(shop=shop.name),
        *([f"“{request.text}”"] if request.text else []),
    ]
    rest = [link, words.otherwise, shop.address]
    text = "\n\n".join(each for each in (*paragraphs, *rest) if each) + "\n"
    button = f'<p><a href="{escape(link)}">{escape(words.confirm)}</a></p>'
    html = "".join(
        [
            *(f"<p>{escape(each)}</p>\n" for each in paragraphs),
            button,
            *(f"<p>{escape(each)}</p>\n" for each in rest[1:] if each),
        ]
    )
    return OutgoingEmail(
        message_key=letterhead.message_key(shop.id, request.id),
        message_id=letterhead.mail_id(shop.id, request.id),
        sent_at_epoch=int(request.first_due_at.timestamp()),
        sender=sender,
        recipient=Mailbox("", request.address),
        reply_to=None,
        envelope_from=sender.address,
        subject=words.subject.format(shop=shop.name),
        html=html,
        text=text,
        unsubscribe_url="",  # no marketing: nothing follows unless she says yes
        language=language,
    )


def _settle(shop_id: int, request: Request, fate: Fate, now: datetime) -> None:
    may_retry = isinstance(fate, Refused) and not fate.permanent
    again = now + _TRY_AGAIN if may_retry and request.attempts < MOST_ATTEMPTS else None
    is_sent = isinstance(fate, Accepted) or not isinstance(fate, Refused)
    requests.settle(
        shop_id=shop_id, request_id=request.id, sent_at=now if is_sent else None, due_at=again
    )
