"""Reading shops: who may work where."""

from ripresa.domain.shops.models import Membership, Shop


def list_memberships(user_id: int) -> list[Membership]:
    """The shops a console user works in, by name, each with its shop loaded."""
    members = Membership.objects.filter(user_id=user_id).select_related("shop")
    return list(members.order_by("shop__name", "shop_id"))


def find_shop(shop_id: int) -> Shop | None:
    """A shop by its number."""
    return Shop.objects.filter(id=shop_id).first()
