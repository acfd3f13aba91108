"""Who works in a shop."""

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User

from ripresa.domain.shops.models import Membership
from ripresa.domain.signin.models import OneTimeSecret, Passkey


class Member(NamedTuple):
    """Somebody who works in the shop, or is asked to join it."""

    membership: Membership
    email: str
    latest_sign_in: datetime | None
    has_second_factor: bool


def list_members(shop_id: int) -> list[Member]:
    """Everybody by address, invitations too."""
    found = list(Membership.objects.filter(shop_id=shop_id))
    users = User.objects.in_bulk([each.user_id for each in found])
    ids = list(users)
    strong = set(Passkey.objects.filter(user_id__in=ids).values_list("user_id", flat=True))
    apps = OneTimeSecret.objects.filter(user_id__in=ids, confirmed_at__isnull=False)
    strong |= set(apps.values_list("user_id", flat=True))
    return sorted(
        (
            Member(
                each,
                users[each.user_id].username,
                users[each.user_id].last_login,
                each.user_id in strong,
            )
            for each in found
            if each.user_id in users
        ),
        key=lambda member: member.email,
    )


def roles_by_address(shop_id: int) -> dict[str, str]:
    """What each member is, by address; who is only asked to join is no member yet."""
    found = Membership.objects.filter(shop_id=shop_id, invited_at__isnull=True)
    roles = dict(found.values_list("user_id", "role"))
    named = User.objects.filter(id__in=list(roles)).values_list("id", "username")
    return {address: roles[user_id] for user_id, address in named}
