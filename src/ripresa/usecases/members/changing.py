"""Change what somebody may do in a shop, or take her out. A shop keeps an owner."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops.models import Membership, Shop
from ripresa.usecases.members.joining import NotARole
from ripresa.usecases.shops.create_shop import ROLES


class NoSuchMember(Exception):
    """Nobody of the shop is meant by that."""


class LastOwner(Exception):
    """She is the only owner there is; nothing was changed."""


@transaction.atomic
def change_role(*, shop_id: int, membership_id: UUID, role: str, now: datetime) -> None:
    """Give somebody another role. Raises NoSuchMember, NotARole, LastOwner."""
    if role not in ROLES:
        raise NotARole(f"a role is one of {', '.join(ROLES)}, not {role!r}")
    member = _locked(shop_id, membership_id)
    if role != "owner":
        _refuse_last_owner(member)
    was = member.role
    Membership.objects.filter(shop_id=shop_id, id=membership_id).update(role=role)
    write_down(
        shop_id=shop_id,
        action=Action.CHANGED,
        subject=Subject(About.MEMBER, member.user_id),
        before={"role": was},
        after={"role": role},
        now=now,
    )


@transaction.atomic
def remove(*, shop_id: int, membership_id: UUID, now: datetime) -> None:
    """Take somebody out, at once, or take an invitation back. Raises NoSuchMember, LastOwner.

    Her user stays: she may work in other shops.
    """
    member = _locked(shop_id, membership_id)
    _refuse_last_owner(member)
    Membership.objects.filter(shop_id=shop_id, id=membership_id).delete()
    write_down(
        shop_id=shop_id,
        action=Action.REMOVED,
        subject=Subject(About.MEMBER, member.user_id),
        before={"role": member.role},
        now=now,
    )


def find_named(*, shop_id: int, email: str) -> Membership:
    """Who works in the shop by that address. Raises NoSuchMember."""
    user = User.objects.filter(username=email.lower()).first()
    found = user and Membership.objects.filter(shop_id=shop_id, user=user).first()
    if not found:
        raise NoSuchMember(f"nobody of the shop signs in as {email}")
    return found


def _locked(shop_id: int, membership_id: UUID) -> Membership:
    # The shop's row: two owners who take each other out at once must not both succeed.
    Shop.objects.select_for_update(no_key=True).get(id=shop_id)
    found = Membership.objects.filter(shop_id=shop_id, id=membership_id).first()
    if found is None:
        raise NoSuchMember(str(membership_id))
    return found


def _refuse_last_owner(member: Membership) -> None:
    if member.role != "owner" or member.invited_at is not None:
        return
    owners = Membership.objects.filter(
        shop_id=member.shop_id, role="owner", invited_at__isnull=True
    )
    if not owners.exclude(id=member.id).exists():
        raise LastOwner
