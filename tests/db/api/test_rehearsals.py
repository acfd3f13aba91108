"""What a scenario would do, asked over the API (SCN-16): the same as on the command line, and nothing is touched."""

from datetime import timedelta

import pytest

from ripresa.api.scenarios import rehearsals
from ripresa.domain.carts.models import Cart
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.replay import asking
from ripresa.usecases.replay.sample import Sample
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from tests.db.api.conftest import Caller, key_of
from tests.db.replay.test_replay import everything_stored, left
from tests.db.usecases.fold_tables import arrive
from tests.rows import SCENARIO_TEXT, T0

TEXT = SCENARIO_TEXT.replace("Left in the cart", "Asked about")
BOTH = TEXT.replace("send: [email], template: reminder", "send: [email, sms], template: reminder")


@pytest.fixture(autouse=True)
def _known_to_be_used(ada):
    """That a key is used is noted once an hour; here it has been."""
    ada.get("/shop")


@pytest.fixture
def scenario(world):
    made = publish_scenario(shop_id=world.shop.id, text=BOTH, file_name="x.yaml", now=T0)
    return made.scenario_id


@pytest.fixture
def cart(world):
    """A cart that was left ten days ago, as the shop's events told it."""
    arrive(world.shop, [left("asked", "eva@example.test", T0 - timedelta(days=10))])
    fold_shop(shop_id=world.shop.id, now=T0)
    advance_carts(shop_id=world.shop.id, now=T0)
    return Cart.objects.get(shop=world.shop, token="asked")


def told(lines):
    return [(line["step"], line["channel"], line["outcome"], line["reason"]) for line in lines]


def test_a_made_up_cart_goes_as_on_the_command_line(world, ada, scenario):
    before = everything_stored()
    asked = {"sample": {"value": "2000.00", "language": "it", "phone": "+393331234567"}}
    answer = ada.post(f"/scenarios/{scenario}/try", asked)
    assert answer.status_code == 200, answer.content
    expected = asking.try_sample(
        shop=world.shop,
        plan=plan_of(world.shop.id, answer.json()["version_id"]),
        sample=Sample(2000, "EUR", "it", "IT", "+393331234567"),
        now=T0,
        tick=lambda _: None,
    )
    items = answer.json()["items"]
    assert told(items) == [(one.step, one.channel, one.outcome, one.reason) for one in expected]
    assert ("first", "sms", "sent", "due") in told(items)
    assert everything_stored() == before


def test_one_real_cart_goes_as_if_she_never_came_back(ada, scenario, cart):
    before = everything_stored()
    items = ada.post(f"/scenarios/{scenario}/try", {"cart_id": str(cart.id)}).json()["items"]
    assert ("first", "email", "sent", "due") in told(items)
    assert ("first", "sms", "skipped", "no_phone") in told(items)
    assert {line["contact"] for line in items} == {"eva@example.test"}
    assert everything_stored() == before


def test_the_past_is_replayed_with_its_cost(ada, scenario, cart):
    before = everything_stored()
    asked = {"days": 30, "prices": {"email": "0.001"}}
    answer = ada.post(f"/scenarios/{scenario}/replay", asked)
    assert answer.status_code == 200, answer.content
    summary = answer.json()
    assert (summary["people"], summary["sent"]) == (1, {"email": 3})
    assert summary["cost"] == {"email": {"amount": "0.003", "currency": "EUR"}}
    assert summary["outcomes"]["skipped"] == {"no_phone": 1}
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "cart_id"),
        ({"cart_id": "11111111-1111-1111-1111-111111111111", "sample": {"value": "1"}}, "cart_id"),
        ({"sample": {"value": "much"}}, "sample.value"),
        ({"sample": {"value": "10", "phone": "12"}}, "sample"),
        ({"sample": {"value": "10", "country": "Italy"}}, "sample.country"),
    ],
)
def test_what_can_t_be_tried_is_told_by_field(ada, scenario, asked, field):
    answer = ada.post(f"/scenarios/{scenario}/try", asked)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_days_that_are_not_kept_are_refused(ada, scenario):
    answer = ada.post(f"/scenarios/{scenario}/replay", {"days": 91})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "days"


def test_what_takes_too_long_or_is_too_much_is_refused_with_a_way_out(
    world, ada, scenario, cart, monkeypatch
):
    before = everything_stored()
    monkeypatch.setattr(rehearsals, "SECONDS", 0.0)
    for call, asked in (("replay", {}), ("try", {"cart_id": str(cart.id)})):
        answer = ada.post(f"/scenarios/{scenario}/{call}", asked)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
        assert f"ripresa {call}" in answer.json()["detail"]
    monkeypatch.setattr(rehearsals, "SECONDS", 60.0)
    monkeypatch.setattr(rehearsals, "MOST_CARTS", 0)
    answer = ada.post(f"/scenarios/{scenario}/replay", {})
    assert "ripresa replay" in answer.json()["detail"]
    assert everything_stored() == before


def test_one_at_a_time(ada, scenario):
    with rehearsals.turn():
        answer = ada.post(f"/scenarios/{scenario}/replay", {})
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-requests")
    assert int(answer.headers["Retry-After"]) > 0
    assert ada.post(f"/scenarios/{scenario}/replay", {}).status_code == 200


def test_another_shop_s_scenario_or_cart_is_not_there(world, dan, ada, scenario, cart):
    for call in ("try", "replay"):
        assert dan.post(f"/scenarios/{scenario}/{call}", {}).status_code == 404
    theirs = publish_scenario(shop_id=world.other_shop.id, text=TEXT, file_name="x.yaml", now=T0)
    path = f"/scenarios/{theirs.scenario_id}/try"
    assert dan.post(path, {"cart_id": str(cart.id)}).status_code == 404


def test_looking_is_enough(world, scenario):
    reader = Caller(key_of(world.shop, "read"))
    assert reader.post(f"/scenarios/{scenario}/replay", {}).status_code == 200
    writer = Caller(key_of(world.shop, "write"))
    assert writer.post(f"/scenarios/{scenario}/replay", {}).status_code == 403
