"""OPS-2: features are switched per shop, and engine, API and console obey."""

from datetime import timedelta

import pytest
from django.test import Client

from ripresa.core.ids import new_id
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.carts.models import Order
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.models import ScenarioDraft, ScenarioVersion
from ripresa.domain.shops.models import Shop
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.scenarios import activate_scenario
from ripresa.usecases.scenarios.publish_scenario import Published, publish_scenario
from ripresa.usecases.shops.features import (
    NotAFeature,
    Withheld,
    list_features,
    switch_features,
    withhold_features,
)
from tests.rows import T0
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
# Within the quiet hours' window of the scenario, and with the first message due.
NOON = T0 + timedelta(hours=20)
TEST = (
    "stale_after: 72h\ntest: {name: offer, arms: [{name: A, share: 0.5}, {name: B, share: 0.5}]}\n"
)


@pytest.fixture
def world() -> World:
    made = build_world()
    Order.objects.update(cancelled_at=T0)  # so that nothing but a switch holds Ben's next message
    return made


def switch(world: World, **wanted: bool) -> None:
    switch_features(shop_id=world.shop.id, wanted=wanted, now=NOON)
    world.shop.refresh_from_db()


def publish(world: World, text: str) -> Published:
    return publish_scenario(shop_id=world.shop.id, text=text, file_name="x", now=T0)


def test_what_is_off_is_not_sent_by_and_its_trail_says_why(world):
    switch(world, scenarios=False)
    hand_over(shop_id=world.shop.id, now=NOON, room=10, lease=timedelta(minutes=10))
    held = Message.objects.get(cart_id=world.ben_cart.id, step="first")
    assert (held.state, held.reason) == ("planned", "switched_off")
    assert Decision.objects.filter(message_id=held.id, reason="switched_off").exists()
    assert held.due_at > NOON
    switch(world, scenarios=True)
    held.refresh_from_db()
    assert held.due_at == NOON
    assert AuditEntry.objects.filter(shop=world.shop, subject_kind="feature").count() == 2


def test_nothing_goes_live_that_needs_what_is_off(world):
    switch(world, scenarios=False)
    with pytest.raises(activate_scenario.SwitchedOff, match="scenarios"):
        activate_scenario.activate(shop_id=world.shop.id, scenario_id=world.draft.id, now=T0)


def test_what_is_withheld_can_not_be_switched_on_by_the_shop(world):
    withhold_features(shop_id=world.shop.id, names=["sms"], now=T0)
    with pytest.raises(Withheld):
        switch(world, sms=True)
    [sms] = [
        each for each in list_features(Shop.objects.get(id=world.shop.id)) if each.name == "sms"
    ]
    assert (sms.is_on, sms.is_withheld) == (False, True)
    with pytest.raises(NotAFeature, match="fax"):
        switch(world, fax=True)


def test_rooms_of_what_is_off_are_not_there(world):
    switch(world, pipeline=False, popup=False)
    ada = Client()
    ada.force_login(world.ada)
    home = ada.get("/wines/").content.decode()
    assert "/wines/campaigns/" in home
    assert "/wines/pipeline/" not in home
    refused = ada.get("/wines/pipeline/")
    assert (refused.status_code, "Switched off" in refused.content.decode()) == (404, True)
    settings = ada.get("/wines/settings/features/").content.decode()
    assert "/wines/settings/popup/" not in settings
    on = {each.name: "yes" for each in list_features(world.shop)}
    ada.post("/wines/settings/features/", on)
    assert ada.get("/wines/pipeline/").status_code == 200


def test_the_next_version_of_what_is_live_brings_in_nothing_that_is_off(world):
    """What was in it when it was switched off may stay; the wizard says all this beforehand."""
    plain = ScenarioVersion.objects.get(id=world.scenario.version_id).text
    tested = plain + TEST
    switch(world, tests=False, sms=False)
    with pytest.raises(ScenarioInvalid, match="test: switched off for this shop: tests"):
        publish(world, tested)
    with pytest.raises(ScenarioInvalid, match="branches: switched off for this shop: sms"):
        publish(world, plain.replace("[email], template: rem", "[email, sms], template: rem"))
    draft = ScenarioDraft.objects.create(
        shop=world.shop, id=new_id(T0), scenario_id=world.scenario.id, name=world.scenario.name,
        text=tested, saved_by="ada", saved_at=T0,
    )  # fmt: skip
    ada = Client()
    ada.force_login(world.ada)
    at = f"/wines/scenarios/drafts/{draft.id}"
    assert "switched off for this shop: tests" in ada.get(f"{at}/review/").content.decode()
    ScenarioDraft.objects.update(text=plain)
    ada.post(f"{at}/test/", {"do": "begin"})
    assert "switched off for this shop" in ada.get(f"{at}/test/").content.decode()
    assert f"{at}/test/" not in ada.get(f"{at}/adjust/").content.decode()
    switch(world, tests=True)
    assert publish(world, tested).is_new_version
    switch(world, tests=False)
    assert publish(world, tested.replace("72h", "71h")).is_new_version
    with pytest.raises(ScenarioInvalid, match="tests"):
        publish(world, tested.replace("offer", "another"))
