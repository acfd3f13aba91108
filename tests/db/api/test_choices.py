"""What a shop chose about consent, tracking and retention, over the API as in the console."""

import pytest

from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.messages.models import Message
from ripresa.domain.shops.models import Shop
from tests.db.api.conftest import Caller, key_of
from tests.rows import DAY, T0


def written(shop):
    """What the log has of these settings: about what, by what hand, from what to what."""
    found = AuditEntry.objects.filter(shop=shop, subject_kind__in=["consent", "shop", "retention"])
    return [(e.subject_kind, e.actor_kind, e.before, e.after) for e in found.order_by("at")]


class TestConsent:
    def test_is_read_and_changed_by_the_name_of_each_choice(self, world, ada, dan):
        apart = {"couple_channels": False, "confirm_consent": "by_country"}
        assert ada.get("/shop/consent").json() == apart
        always = ada.send("patch", "/shop/consent", {"confirm_consent": "always"}).json()
        assert always == {**apart, "confirm_consent": "always"}
        both = ada.send("patch", "/shop/consent", {"couple_channels": True}).json()
        assert both == ada.get("/shop/consent").json() == {**always, "couple_channels": True}
        assert dan.get("/shop/consent").json() == apart
        assert written(world.shop) == [
            ("consent", "key", {"confirm_consent": "by_country"}, {"confirm_consent": "always"}),
            ("consent", "key", {"couple_channels": False}, {"couple_channels": True}),
        ]

    def test_what_follows_holds_for_everybody_at_once(self, world, ada):
        said = {"channels": ["sms"], "state": "denied", "source": "phone call"}
        assert ada.post(f"/contacts/{world.ben.id}/consents", said).status_code < 300
        planned = Message.objects.filter(contact_id=world.ben.id, channel="email", state="planned")
        assert planned.exists()
        ada.send("patch", "/shop/consent", {"couple_channels": True})
        assert not planned.exists()
        reasons = Message.objects.filter(contact_id=world.ben.id, state="cancelled")
        assert "unsubscribed" in set(reasons.values_list("reason", flat=True))

    def test_what_stands_so_is_no_change_to_tell_of(self, world, ada):
        ada.send("patch", "/shop/consent", {"couple_channels": False})
        ada.send("patch", "/shop/consent", {})
        assert written(world.shop) == []

    def test_it_may_let_something_leave(self, world):
        writer = Caller(key_of(world.shop, "write"))
        asked = {"confirm_consent": "never"}
        assert writer.send("patch", "/shop/consent", asked).status_code == 403
        assert Shop.objects.get(id=world.shop.id).confirm_consent == "by_country"

    @pytest.mark.parametrize(
        "asked", [{"confirm_consent": "maybe"}, {"couple_channels": None}, {"double": True}]
    )
    def test_what_can_not_be_chosen(self, asked, ada):
        assert ada.send("patch", "/shop/consent", asked).status_code == 422


def test_tracking_is_read_and_changed(world, ada):
    before = ada.get("/shop/tracking").json()
    asked = {"track_opens": not before["track_opens"]}
    assert ada.send("patch", "/shop/tracking", asked).json() == {**before, **asked}
    assert ada.get("/shop/tracking").json() == {**before, **asked}
    shop = Shop.objects.get(id=world.shop.id)
    assert (shop.track_clicks, shop.track_opens) == (before["track_clicks"], asked["track_opens"])
    was = {"track_opens": before["track_opens"]}
    assert written(world.shop) == [("shop", "key", was, asked)]
    for wrong in ({"track_opens": None}, {"track_opens": "perhaps"}, {"opens": True}):
        assert ada.send("patch", "/shop/tracking", wrong).status_code == 422


class TestRetention:
    def test_is_read_with_its_bounds_and_changed_kind_by_kind(self, world, ada):
        told = ada.get("/shop/retention").json()
        kinds = {each["kind"]: each for each in told["limits"]}
        contents = {"kind": "contents", "days": 365, "shipped_days": 365, "least_days": 30}
        assert (kinds["contents"], told["next_run_at"]) == (contents, None)
        asked = {"contents": 180, "audit": 0}
        after = ada.send("patch", "/shop/retention", asked).json()
        assert after == ada.get("/shop/retention").json()
        days = {each["kind"]: each["days"] for each in after["limits"]}
        assert days == {kind: each["days"] for kind, each in kinds.items()} | asked
        changed = ("retention", "key", {"contents": 365, "audit": 730}, asked)
        assert written(world.shop) == [changed]

    def test_the_next_run_is_a_day_after_the_last(self, world, ada):
        Shop.objects.filter(id=world.shop.id).update(tidied_at=T0)
        assert ada.get("/shop/retention").json()["next_run_at"] == "2026-11-21T15:00:00Z"

    @pytest.mark.parametrize(
        "asked",
        [
            {"contents": 29},
            {"contents": -1},
            {"contents": 36501},
            {"dreams": 30},
            {"contents": True},
            {"contents": "180"},
            {"contents": 180, "audit": 1},
        ],
    )
    def test_what_is_no_limit_changes_nothing(self, asked, world, ada):
        assert ada.send("patch", "/shop/retention", asked).status_code == 422
        assert Shop.objects.get(id=world.shop.id).retention == {}

    def test_what_would_go_is_counted_by_the_limits_and_stays(self, world, ada):
        write_down(
            shop_id=world.shop.id, action=Action.SENT, subject=Subject(About.CART),
            now=T0 - 731 * DAY,
        )  # fmt: skip
        counts = {each["kind"]: each["rows"] for each in ada.get("/shop/retention/count").json()}
        limits = ada.get("/shop/retention").json()["limits"]
        assert list(counts) == [each["kind"] for each in limits]
        assert counts["audit"] == 1
        assert AuditEntry.objects.filter(action="sent", shop=world.shop).exists()
