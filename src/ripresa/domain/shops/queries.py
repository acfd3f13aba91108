"""Reading shops: who may work where, which keys open what, and whether anything may leave."""

from datetime import datetime
from uuid import UUID

from django.db.models import Subquery
from django.db.models.expressions import Combinable

from ripresa.domain.shops.models import AccessKey, ApiKey, Install, Membership, Shop


def list_memberships(user_id: int, **also: Combinable) -> list[Membership]:
    """The shops a console user works in, by name, each with its shop loaded, and what else is asked."""
    joined = Membership.objects.filter(user_id=user_id, invited_at__isnull=True)
    members = joined.select_related("shop")
    # With the rows, so that a page costs no statement more.
    stopped_at = Subquery(Install.objects.values("stopped_at")[:1])
    # Declared in the model, for those who read it.
    members = members.annotate(install_stopped_at=stopped_at)  # type: ignore[no-redef]
    return list(members.annotate(**also).order_by("shop__name", "shop_id"))


def owners_of(shop_id: int) -> list[str]:
    """Whom to ask in a shop: its owners' user names, which are their addresses."""
    owners = Membership.objects.filter(shop_id=shop_id, role="owner", invited_at__isnull=True)
    found = owners.filter(user__is_active=True).order_by("id")
    return list(found.values_list("user__username", flat=True))


def find_shop(shop_id: int) -> Shop | None:
    """A shop by its number."""
    return Shop.objects.filter(id=shop_id).first()


def install_stopped_at() -> datetime | None:
    """Since when all sending of every shop is stopped; None: it is not."""
    return Install.objects.values_list("stopped_at", flat=True).first()


def is_stopped(shop: Shop) -> bool:
    """Whether nothing may leave `shop`, as it was read: by its own switch or that of the install."""
    return shop.stopped_at is not None or install_stopped_at() is not None


def find_api_key(shop_id: int, key_id: UUID) -> ApiKey | None:
    """A key to the management API with its shop, revoked or not."""
    return ApiKey.objects.select_related("shop").filter(shop_id=shop_id, id=key_id).first()


def list_api_keys(shop_id: int) -> list[ApiKey]:
    """All keys of a shop to the management API, the oldest first."""
    return list(ApiKey.objects.filter(shop_id=shop_id).order_by("id"))


def list_access_keys(shop_id: int) -> list[AccessKey]:
    """All keys of a shop to the intake, the oldest first."""
    return list(AccessKey.objects.filter(shop_id=shop_id).order_by("id"))


def find_access_key(shop_id: int, key_id: UUID) -> AccessKey | None:
    """A key to the intake, revoked or not."""
    return AccessKey.objects.filter(shop_id=shop_id, id=key_id).first()
