"""The settings: each room shows what stands, saves all or nothing, and says what is wrong where it is."""

import re
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ripresa.domain.attribution.rolling import settings_of
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.shops.retention import LIMITS
from tests.db.console.pages import markup, text_of
from tests.worlds.texts import painted


def address(room: str = "settings", *ids: object) -> str:
    return reverse(room, args=["wines", *ids])


SHOP = {
    "name": "Ada's Cellar",
    "store_url": "https://cellar.test/",
    "hosts": "cellar.test\nwww.cellar.test",
    "address": "Via Roma 1\n\n  20121 Milano  ",
    "owner_email": "Boss@cellar.test",
    "help_contact": "",
    "currency": "CHF",
    "country": "CH",
    "language": "de",
    "timezone": "Europe/Zurich",
    "abandoned_after": "90",
    "abandoned_after-unit": "m",
    "expires_after": "20",
    "expires_after-unit": "d",
}


class TestTheShop:
    def test_has_a_logo_that_can_be_changed_and_taken_away(self, world, ada):
        def bring(content: bytes, **more: str):
            file = SimpleUploadedFile("logo.png", content)
            return ada.post(address("settings-logo"), {"file": file, **more}, follow=True)

        assert "Mails, letters and pages show it now." in text_of(bring(painted(700, 200)))
        (path,) = re.findall(
            r'<img class="shop-logo"\s+src="([^"]+-600[.]png)"', markup(ada.get(address()))
        )
        assert ada.get(path).content.startswith(b"\x89PNG")
        assert "logo.png: " in text_of(bring(b"<svg></svg>"))  # refused, and the old one stays
        assert path in markup(ada.get(address()))
        assert path in markup(ada.get(address("brand")))
        gone = ada.post(address("settings-logo"), {"do": "remove"}, follow=True)
        assert "shop-logo" not in markup(gone)
        kinds = AuditEntry.objects.filter(shop=world.shop, subject_kind="template")
        assert kinds.count() == 2

    def test_is_saved_whole_and_shown_again(self, world, ada):
        assert ada.post(address(), SHOP).status_code == 302
        world.shop.refresh_from_db()
        assert (world.shop.name, world.shop.currency) == ("Ada's Cellar", "CHF")
        assert world.shop.hosts == ["cellar.test", "www.cellar.test"]
        assert world.shop.address == "Via Roma 1\n20121 Milano"
        assert world.shop.owner_email == "boss@cellar.test"
        assert world.shop.abandoned_after == timedelta(minutes=90)
        page = ada.get(address())
        assert 'value="90"' in markup(page)
        assert "Saved." in text_of(page)

    def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(self, world, ada):
        wrong = {"name": "", "timezone": "Europe/Atlantis", "hosts": "a b/c", "expires_after": "x"}
        answer = ada.post(address(), SHOP | wrong)
        assert answer.status_code == 422
        for field in wrong:
            assert f'href="#f-{field}"' in markup(answer), field
        assert 'value="https://cellar.test/"' in markup(answer)  # what was right stays typed
        world.shop.refresh_from_db()
        assert world.shop.name == "Ada's Wines"

    def test_no_scenario_takes_up_sooner_than_the_shop(self, world, ada):
        answer = ada.post(address(), SHOP | {"abandoned_after": "29", "abandoned_after-unit": "d"})
        assert answer.status_code == 422
        assert "A scenario takes carts up sooner" in text_of(answer)

    def test_a_viewer_reads_and_never_saves(self, world, vera):
        assert "Save" not in text_of(vera.get(address()))
        assert vera.post(address(), SHOP).status_code == 403


class TestHoursAndLimits:
    def test_are_saved_and_told_beside_what_scenarios_say(self, world, ada):
        page = text_of(ada.get(address("settings-hours")))
        assert "Left in the cart" in page
        assert "09:00–20:00" in page
        typed = {"min_gap": "12", "min_gap-unit": "h", "volume_limit": "500"}
        ada.post(address("settings-hours"), typed)
        world.shop.refresh_from_db()
        assert (world.shop.min_gap, world.shop.volume_limit) == (timedelta(hours=12), 500)
        wrong = ada.post(address("settings-hours"), typed | {"min_gap": "-1", "volume_limit": "x"})
        assert wrong.status_code == 422
        world.shop.refresh_from_db()
        assert world.shop.volume_limit == 500


class TestConsent:
    def test_is_coupled_and_confirmed_as_told(self, world, ada):
        ada.post(
            address("settings-consent"), {"couple_channels": "yes", "confirm_consent": "always"}
        )
        world.shop.refresh_from_db()
        assert world.shop.couple_channels
        assert world.shop.confirm_consent == "always"
        assert ada.post(address("settings-consent"), {"confirm_consent": "x"}).status_code == 422

    def test_tells_by_which_rule_a_message_would_go(self, world, ada):
        asked = {"country": "IT", "channel": "email", "consent": "unknown", "sent": "0"}
        first = text_of(ada.get(address("settings-consent"), asked))
        assert "by_country/IT/one_reminder@" in first
        assert "not legal advice" in first
        second = text_of(ada.get(address("settings-consent"), asked | {"sent": "1"}))
        assert "Not allowed" in second
        odd = ada.get(address("settings-consent"), {"country": "", "preset": "x", "hours": "-"})
        assert odd.status_code == 200


class TestTracking:
    def test_and_what_counts_are_saved_together(self, world, ada):
        typed = {"clicks": "yes", "with_opens": "yes", "window": "14", "margin": "32,5"}
        ada.post(address("settings-tracking"), typed)
        world.shop.refresh_from_db()
        assert (world.shop.track_clicks, world.shop.track_opens) == (True, False)
        reports = settings_of(world.shop.id)
        assert (reports.window, reports.with_opens, reports.margin) == (
            timedelta(days=14),
            True,
            3250,
        )
        wrong = ada.post(address("settings-tracking"), typed | {"window": "400", "margin": "101"})
        assert wrong.status_code == 422
        # A window of hours, set by the command line, is shown as it is and stays when the form is saved.
        ada.post(address("settings-tracking"), typed | {"window": "36h"})
        page = markup(ada.get(address("settings-tracking")))
        assert 'value="1d12h"' in page
        ada.post(address("settings-tracking"), typed | {"window": "1d12h"})
        assert settings_of(world.shop.id).window == timedelta(hours=36)
        said = text_of(ada.get("/wines/reports/"))
        assert "A touchpoint counts this long before an order: 1 day 12 hours." in said


class TestRetention:
    def test_is_set_by_kind_and_keeps_what_is_as_shipped(self, world, ada):
        page = text_of(ada.get(address("settings-retention"), {"count": "yes"}))
        assert "0 People without any activity" in page
        typed = {kind: str(limit.days) for kind, limit in LIMITS.items()}
        ada.post(address("settings-retention"), typed | {"contents": "90", "contacts": "0"})
        world.shop.refresh_from_db()
        assert world.shop.retention == {"contents": 90, "contacts": 0}
        wrong = ada.post(address("settings-retention"), typed | {"events": "5"})
        assert wrong.status_code == 422
        assert "At least 30 days" in text_of(wrong)
        said = AuditEntry.objects.get(shop=world.shop, subject_kind="retention")
        assert said.after == {"contents": 90, "contacts": 0}
