"""What the owner was told (SCN-11), for programs."""

from datetime import timedelta

from ripresa.domain.messages.models import OwnerNotice
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from tests.rows import T0


def tell(shop, kind, about, cause, scenario_id=None, now=T0):
    telling = Telling(kind, about, cause, scenario_id)
    tell_owner(shop_id=shop.id, tellings=[telling], now=now)


def test_notices_come_the_newest_first_in_words(world, ada, dan):
    tell(world.shop, "coupons", "Left", "spring is used up", world.scenario.id)
    tell(world.shop, "volume", "wines", "120 in an hour", now=T0 + timedelta(hours=1))
    tell(world.other_shop, "volume", "bikes", "another shop's")
    OwnerNotice.objects.filter(kind="coupons").update(mailed_at=T0, due_at=None)
    volume, coupons = ada.pages("/notices", limit=1)
    assert coupons == {
        "id": coupons["id"],
        "kind": "coupons",
        "about": "Left",
        "cause": "spring is used up",
        "scenario_id": str(world.scenario.id),
        "subject": "Left è in pausa: mancano i coupon",
        "text": coupons["text"],
        "created_at": "2026-11-20T15:00:00Z",
        "mailed_at": "2026-11-20T15:00:00Z",
    }
    assert "spring is used up" in coupons["text"]
    assert (volume["kind"], volume["mailed_at"], volume["scenario_id"]) == ("volume", None, None)
    assert [one["about"] for one in dan.pages("/notices")] == ["bikes"]
