"""The rooms of settings and coupons, for the lists of pages that every test of pages walks."""

from tests.world import World
from tests.worlds.carriers import account_of, endpoint_of
from tests.worlds.coupons import file_of, pool_of


def pages_of(world: World) -> dict[str, str]:
    pool = f"/wines/coupons/{pool_of(world).id}/"
    return {
        "settings": "/wines/settings/",
        "settings-features": "/wines/settings/features/",
        "settings-hours": "/wines/settings/hours/",
        "settings-hours-week": "/wines/settings/hours/week/?channel=sms&country=DE",
        "settings-hours-holidays": "/wines/settings/hours/holidays/",
        "settings-consent": "/wines/settings/consent/?country=IT",
        "settings-consent-own": "/wines/settings/consent/own/?country=IT&channel=email",
        "settings-tracking": "/wines/settings/tracking/",
        "settings-retention": "/wines/settings/retention/?count=yes",
        "settings-senders": "/wines/settings/senders/",
        "settings-channels": "/wines/settings/channels/",
        "settings-channel-new": "/wines/settings/channels/new/smsapi/",
        "settings-channel": f"/wines/settings/channels/{account_of(world).id}/",
        "settings-webhooks": "/wines/settings/webhooks/",
        "settings-webhook": f"/wines/settings/webhooks/{endpoint_of(world).id}/",
        "coupons": "/wines/coupons/",
        "coupon-pool": pool,
        "coupon-file": f"{pool}file/{file_of(world).id}/",
        "coupon-empty": f"{pool}empty/",
    }
