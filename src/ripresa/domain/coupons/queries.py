"""Reading pools by their id."""

from uuid import UUID

from ripresa.domain.coupons.models import CouponPool


def find_pool(shop_id: int, pool_id: UUID) -> CouponPool | None:
    """One pool of this shop."""
    return CouponPool.objects.filter(shop_id=shop_id, id=pool_id).first()


def pool_ids(shop_id: int) -> dict[str, UUID]:
    """The id of each pool of the shop, by its name."""
    return dict(CouponPool.objects.filter(shop_id=shop_id).values_list("name", "id"))
