"""What those are called who stand in the audit log and under approvals: there by number alone."""

from collections.abc import Iterable

from django.contrib.auth.models import User

from ripresa.domain.shops import queries as shops

Hand = tuple[str, str]


def names_of_hands(shop_id: int, hands: Iterable[Hand]) -> dict[Hand, str]:
    """Members' addresses and keys' labels by (kind, id). Who is gone, or has no name, is not in it."""
    asked = set(hands)
    users = {int(ident) for kind, ident in asked if kind == "member" and ident.isdigit()}
    found = User.objects.filter(id__in=users).values_list("id", "username") if users else ()
    names = {("member", str(user_id)): name for user_id, name in found}
    if any(kind == "key" for kind, _id in asked):
        names |= {("key", str(key.id)): key.label for key in shops.list_api_keys(shop_id)}
    return {hand: name for hand, name in names.items() if hand in asked and name}
