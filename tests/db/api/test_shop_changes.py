"""What a shop is set to, changed over the API."""

import pytest

from ripresa.domain.shops.models import Shop
from tests.db.api.conftest import Caller, key_of

HOUR = 3600


def test_what_is_given_is_changed_and_the_rest_stays(world, ada):
    before = ada.get("/shop").json()
    asked = {"abandoned_after_seconds": 2 * HOUR, "collect_enabled": False, "address": "Via Roma 1"}
    answer = ada.send("patch", "/shop", asked)
    assert answer.status_code == 200, answer.content
    assert answer.json() == {**before, **asked}
    assert ada.send("patch", "/shop", {}).json() == {**before, **asked}


def test_a_scenario_that_would_be_too_quick_is_named(world, ada):
    answer = ada.send("patch", "/shop", {"abandoned_after_seconds": 25 * HOUR})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
    assert "'Left in the cart' after 1d" in answer.json()["detail"]
    assert Shop.objects.get(id=world.shop.id).abandoned_after.total_seconds() == HOUR


@pytest.mark.parametrize(
    "asked",
    [
        {"abandoned_after_seconds": 0},
        {"abandoned_after_seconds": "1h"},
        {"expires_after_seconds": 10**9},
        {"owner_email": "nobody"},
        {"name": ""},
        {"name": None},  # null is something else than left out
        {"currency": "USD"},
    ],
)
def test_what_a_shop_can_not_be_set_to(world, ada, asked):
    assert ada.send("patch", "/shop", asked).status_code == 422


def test_its_times_need_the_scope_to_send(world):
    writer = Caller(key_of(world.shop, "write"))
    assert writer.send("patch", "/shop", {"name": "Ada's"}).status_code == 200
    refused = writer.send("patch", "/shop", {"name": "X", "min_gap_seconds": 0})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/missing-scope")
    assert Shop.objects.get(id=world.shop.id).name == "Ada's"


def test_the_pop_up_is_set_as_a_whole_and_told_as_pages_get_it(world, ada):
    assert ada.get("/shop/popup").json()["enabled"] is False
    said = {"enabled": True, "words": {"it": {"title": "Aspetta!"}}}
    assert ada.put("/shop/popup", said).json()["enabled"] is True
    page = ada.get("/shop/popup/page").json()
    assert page["words"]["it"]["title"] == "Aspetta!"
    wrong = ada.put("/shop/popup", {"colours": {"text": "#999999"}})
    assert (wrong.status_code, "contrast" in wrong.json()["detail"]) == (422, True)
    assert ada.get("/shop/popup/page").json() == page
