"""Mail members what they wait for: an invitation, a link for a new password."""

from datetime import datetime, timedelta
from html import escape

from django.contrib.auth.models import User
from django.db import transaction

from ripresa.contracts.channel import Accepted, Mailbox, OutgoingEmail, Refused
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.shops.models import Membership, Shop
from ripresa.domain.signin.models import MemberMail
from ripresa.usecases.members import joining, resetting
from ripresa.usecases.members.words import words_of
from ripresa.usecases.send_messages import Post

BATCH = 20
TRY_AGAIN = timedelta(minutes=5)
MOST_TRIES = 12
_LEASE = timedelta(minutes=5)
_TIMEOUT = timedelta(seconds=30)


def shops_with_due(now: datetime) -> list[int]:
    """The shops with mails to members that are due."""
    due = MemberMail.objects.filter(due_at__lte=now).order_by("shop_id")
    return list(due.values_list("shop_id", flat=True).distinct())


def mail_members(*, shop_id: int, now: datetime, post: Post) -> int:
    """Mail up to BATCH of a shop's mails; returns how many were due."""
    taken = _take(shop_id, now)
    if not taken:
        return 0
    shop = Shop.objects.get(id=shop_id)
    channel = post.channels.to_owner(shop_id, now)
    for mail in taken:
        outgoing = _mail(shop, mail, post.letterhead, now)
        if outgoing is None:
            _settle(mail, None)
            continue
        [fate] = channel.send([outgoing], timeout=_TIMEOUT)
        may_retry = isinstance(fate, Refused) and not fate.permanent and mail.attempts < MOST_TRIES
        _settle(mail, now + TRY_AGAIN if may_retry and not isinstance(fate, Accepted) else None)
    return len(taken)


@transaction.atomic
def _take(shop_id: int, now: datetime) -> list[MemberMail]:
    """Due mails; nobody else takes them until the lease is over."""
    due = MemberMail.objects.filter(shop_id=shop_id, due_at__lte=now).order_by("due_at", "id")
    taken = list(due.select_for_update(skip_locked=True)[:BATCH])
    for mail in taken:
        mail.attempts += 1
        mail.due_at = now + _LEASE
        mail.save(update_fields=["attempts", "due_at"])
    return taken


def _settle(mail: MemberMail, due_at: datetime | None) -> None:
    MemberMail.objects.filter(shop_id=mail.shop_id, id=mail.id).update(due_at=due_at)


def _mail(
    shop: Shop, mail: MemberMail, letterhead: Letterhead, now: datetime
) -> OutgoingEmail | None:
    """The mail; None: meanwhile there is nothing to say."""
    user = User.objects.filter(id=mail.user_id, is_active=True).first()
    path = user and _path(mail, user, now)
    if user is None or path is None:
        return None
    words = words_of(mail.kind, shop.language, shop=shop.name)
    url = f"{letterhead.public_url}{path}"
    text = f"{words.text.strip()}\n\n{url}\n\n{words.after.strip()}\n"
    html = (
        f"<p>{escape(words.text.strip())}</p>\n"
        f'<p><a href="{escape(url)}">{escape(words.button)}</a></p>\n'
        f"<p>{escape(words.after.strip())}</p>\n"
    )
    return OutgoingEmail(
        message_key=letterhead.message_key(shop.id, mail.id),
        message_id=letterhead.mail_id(shop.id, mail.id),
        sent_at_epoch=int(now.timestamp()),
        sender=Mailbox(shop.name, shop.owner_email or user.email),
        recipient=Mailbox("", user.email),
        reply_to=None,
        envelope_from=shop.owner_email or user.email,
        subject=words.subject,
        html=html,
        text=text,
        unsubscribe_url="",
        language=words.language,
    )


def _path(mail: MemberMail, user: User, now: datetime) -> str | None:
    """Where its link leads; None: she has joined, or was taken out."""
    if mail.kind == resetting.PURPOSE:
        return f"/login/password/{resetting.link_of(user, now=now)}/"
    asked = Membership.objects.filter(
        shop_id=mail.shop_id, user=user, invited_at__isnull=False
    ).first()
    return f"/login/invitation/{joining.link_of(asked)}/" if asked else None
