"""Ask somebody to join a shop, and let her in once she follows the link in the mail."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from ripresa.contracts import plain_values as plain
from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops.models import Membership, Shop
from ripresa.domain.signin.models import MemberMail
from ripresa.usecases.members import links
from ripresa.usecases.members.links import LinkIsOver
from ripresa.usecases.shops.create_shop import ROLES

PURPOSE = "invitation"
VALID_FOR = timedelta(days=7)


class NotAnAddress(ValueError):
    """That is no e-mail address."""


class NotARole(ValueError):
    """There is no such role; the message names those there are."""


class AlreadyMember(Exception):
    """She works in the shop already; nothing was changed."""


class Invitation(NamedTuple):
    """What somebody is asked to join, and as what. `has_password`: she has signed in here before."""

    membership: Membership
    user: User

    @property
    def has_password(self) -> bool:
        """Whether she can sign in by herself."""
        return self.user.has_usable_password()


@transaction.atomic
def invite(*, shop_id: int, email: str, role: str, now: datetime) -> Membership:
    """Ask for `email` as `role`; asked again, the earlier link is over.

    Raises NotAnAddress, NotARole, AlreadyMember.
    """
    address = plain.normalise_email(email)
    if address is None:
        raise NotAnAddress(email)
    if role not in ROLES:
        raise NotARole(f"a role is one of {', '.join(ROLES)}, not {role!r}")
    user = User.objects.filter(username=address).first() or User.objects.create_user(
        address, address, None
    )
    found = Membership.objects.select_for_update().filter(shop_id=shop_id, user=user).first()
    if found is not None and found.invited_at is None:
        raise AlreadyMember(email)
    asked = found or Membership(shop_id=shop_id, id=new_id(now), user=user)
    asked.role, asked.invited_at = role, now
    asked.save()
    MemberMail.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        kind="invitation",
        user_id=user.id,
        created_at=now,
        due_at=now,
    )
    write_down(
        shop_id=shop_id,
        action=Action.INVITED,
        subject=Subject(About.MEMBER, user.id),
        after={"role": role},
        now=now,
    )
    return asked


def link_of(membership: Membership) -> str:
    """What stands in the link of an invitation that is open."""
    if membership.invited_at is None:
        raise LinkIsOver
    said = {"shop": membership.shop_id, "membership": str(membership.id), "at": _at(membership)}
    return links.sign(PURPOSE, said, until=membership.invited_at + VALID_FOR)


def open_invitation(token: str, *, now: datetime) -> Invitation:
    """What the link asks to join. Raises LinkIsOver."""
    said = links.read(PURPOSE, token, now=now)
    found = (
        Membership.objects.select_related("shop")
        .filter(shop_id=said["shop"], id=UUID(said["membership"]), invited_at__isnull=False)
        .first()
    )
    if found is None or _at(found) != said["at"]:
        raise LinkIsOver
    return Invitation(found, User.objects.get(id=found.user_id))


@transaction.atomic
def accept(token: str, *, password: str | None, now: datetime) -> Invitation:
    """Join. Who has no password yet sets one. Raises LinkIsOver, ValidationError for a weak password."""
    invitation = open_invitation(token, now=now)
    user = invitation.user
    if not invitation.has_password:
        validate_password(password or "", user)
        user.set_password(password)
        user.save(update_fields=["password"])
    asked = invitation.membership
    Membership.objects.filter(shop_id=asked.shop_id, id=asked.id).update(invited_at=None)
    write_down(
        shop_id=asked.shop_id,
        action=Action.JOINED,
        subject=Subject(About.MEMBER, user.id),
        after={"role": asked.role},
        now=now,
    )
    _name_owner(asked, user)
    return invitation


def _name_owner(asked: Membership, user: User) -> None:
    """The first owner is whom Ripresa writes to, unless the shop has named somebody."""
    if asked.role == "owner":
        Shop.objects.filter(id=asked.shop_id, owner_email="").update(owner_email=user.email)


def _at(membership: Membership) -> str:
    return membership.invited_at.isoformat() if membership.invited_at else ""
