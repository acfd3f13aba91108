"""The rooms of settings and coupons, for the lists of pages that every test of pages walks."""

from tests.world import World
from tests.worlds.coupons import file_of, pool_of


def pages_of(world: World) -> dict[str, str]:
    pool = f"/wines/coupons/{pool_of(world).id}/"
    return {
        "settings": "/wines/settings/",
        "settings-hours": "/wines/settings/hours/",
        "settings-consent": "/wines/settings/consent/?country=IT",
        "settings-tracking": "/wines/settings/tracking/",
        "settings-retention": "/wines/settings/retention/?count=yes",
        "coupons": "/wines/coupons/",
        "coupon-pool": pool,
        "coupon-file": f"{pool}file/{file_of(world).id}/",
        "coupon-empty": f"{pool}empty/",
    }
