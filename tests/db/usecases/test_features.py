"""OPS-2: features are switched per shop, and engine, API and console obey."""

from datetime import timedelta

import pytest
from django.test import Client

from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.carts.models import Order
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.shops.models import Shop
from ripresa.usecases import activate_scenario
from ripresa.usecases.features import (
    NotAFeature,
    Withheld,
    list_features,
    switch_features,
    withhold_features,
)
from ripresa.usecases.hand_over import hand_over
from tests.world import T0, World, build_world

pytestmark = pytest.mark.django_db
# Within the quiet hours' window of the scenario, and with the first message due.
NOON = T0 + timedelta(hours=20)


@pytest.fixture
def world() -> World:
    made = build_world()
    Order.objects.update(cancelled_at=T0)  # so that nothing but a switch holds Ben's next message
    return made


def switch(world: World, **wanted: bool) -> None:
    switch_features(shop_id=world.shop.id, wanted=wanted, now=NOON)
    world.shop.refresh_from_db()


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
    assert (refused.status_code, "does not use" in refused.content.decode()) == (404, True)
    settings = ada.get("/wines/settings/features/").content.decode()
    assert "/wines/settings/popup/" not in settings
    on = {each.name: "yes" for each in list_features(world.shop)}
    ada.post("/wines/settings/features/", on)
    assert ada.get("/wines/pipeline/").status_code == 200
