"""The settings: each room shows what stands, saves all or nothing, and says what is wrong where it is."""

from datetime import timedelta

from django.urls import reverse

from tests.db.console.pages import markup, text_of


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
