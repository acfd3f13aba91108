"""A forgotten password: a mail with a link, if the address is known; nobody is told whether it is."""

import hashlib
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.shops.models import Membership
from ripresa.domain.signin.models import MemberMail
from ripresa.usecases.members import links
from ripresa.usecases.members.links import LinkIsOver
from ripresa.usecases.signin import sessions

PURPOSE = "reset"
VALID_FOR = timedelta(hours=1)
# Whoever asks again and again fills no mailbox.
_AT_MOST_EVERY = timedelta(minutes=5)


@transaction.atomic
def ask_for_reset(*, email: str, now: datetime) -> None:
    """Mail a link to whoever signs in so, if anybody does. Says nothing, whoever it is."""
    user = User.objects.filter(username=email.strip().lower(), is_active=True).first()
    if user is None:
        return
    # Somebody who has not joined yet follows her invitation instead.
    member = Membership.objects.filter(user=user, invited_at__isnull=True).order_by("shop").first()
    if member is None:
        return
    mails = MemberMail.objects.filter(
        shop_id=member.shop_id, user_id=user.id, kind="reset", created_at__gt=now - _AT_MOST_EVERY
    )
    if not mails.exists():
        MemberMail.objects.create(
            shop_id=member.shop_id, id=new_id(now), kind="reset", user_id=user.id, created_at=now,
            due_at=now,
        )  # fmt: skip


def link_of(user: User, *, now: datetime) -> str:
    """What stands in the link: it is over once the password has changed, or she has signed in."""
    return links.sign(PURPOSE, {"user": user.id, "as": _state(user)}, until=now + VALID_FOR)


def user_of(token: str, *, now: datetime) -> User:
    """Whose password the link sets. Raises LinkIsOver."""
    said = links.read(PURPOSE, token, now=now)
    user = User.objects.filter(id=said["user"], is_active=True).first()
    if user is None or _state(user) != said["as"]:
        raise LinkIsOver
    return user


@transaction.atomic
def set_password(token: str, *, password: str, now: datetime) -> User:
    """Set it; sessions with the old one end. Raises LinkIsOver, ValidationError for a weak password."""
    user = user_of(token, now=now)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_others(user_id=user.id, session_key="")
    return user


def _state(user: User) -> str:
    """Changes with the password and with each signing in."""
    seen = user.last_login.isoformat() if user.last_login else ""
    return hashlib.sha256(f"{user.password} {seen}".encode()).hexdigest()[:32]
