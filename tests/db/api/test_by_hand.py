"""Sending by hand over the API: what stands against it is told, then it is planned, and the trail names who."""

import pytest

from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import ManualSend
from tests.db.api.conftest import Caller, key_of
from tests.rows import T0

BODY = {"template": "reminder"}


@pytest.fixture
def path(world):
    return f"/carts/{world.ben_cart.id}/messages"


@pytest.fixture(autouse=True)
def _an_old_cart(world):
    """Nobody has bought, and she has said yes."""
    world.ben_cart.state, world.ben_cart.left_at = "expired", T0
    world.ben_cart.due_at = None
    world.ben_cart.save()
    world.ben_order.cancelled_at = T0
    world.ben_order.save()
    world.ben.consent_email = "granted"
    world.ben.save()


def test_look_then_send_then_read_who_did(world, ada, path):
    seen = ada.post(f"{path}/look", BODY)
    assert seen.status_code == 200, seen.content
    assert (seen.json()["is_possible"], seen.json()["to"]) == (True, world.ben.email)
    assert not ManualSend.objects.exists()
    made = ada.post(path, {**BODY, "overrides": ["caps"], "who": "Max"})
    assert made.status_code == 201, made.content
    message = made.json()["message"]
    assert (message["origin_kind"], message["state"]) == ("manual", "planned")
    trail = ada.get(f"/carts/{world.ben_cart.id}/trail").json()["chapters"]
    [asked] = [each for each in trail if each["kind"] == "by_hand"]
    assert asked["by_hand"] == {
        "id": message["origin_id"], "asked_by": "Max", "overrides": ["caps"],
    }  # fmt: skip


def test_the_key_names_who_sent_it_if_nobody_else_does(ada, path):
    assert ada.post(path, BODY).status_code == 201
    assert ManualSend.objects.get().asked_by == "API: a test"


def test_what_must_not_be_sent(world, ada, path):
    world.ben.consent_email = "denied"
    world.ben.save()
    assert ada.post(f"{path}/look", BODY).json()["obstacles"] == [
        {"reason": "no_consent", "until": None, "override": None}
    ]
    refused = ada.post(path, BODY)
    assert (refused.status_code, "no_consent" in refused.json()["detail"]) == (409, True)
    assert not Message.objects.filter(origin_kind="manual").exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"template": "poem"},
        {"template": "agent_notice"},
        {**BODY, "channel": "pigeon"},
        {**BODY, "coupon": "nowhere"},
        {**BODY, "overrides": ["consent"]},
        {**BODY, "why": "not"},
    ],
)
def test_what_makes_no_sense(ada, path, body):
    assert ada.post(path, body).status_code == 422
    assert ada.post(f"{path}/look", body).status_code == 422


def test_it_needs_the_scope_and_the_shop(world, dan, path):
    reader = Caller(key_of(world.shop, "read"))
    assert reader.post(path, BODY).status_code == 403
    assert reader.post(f"{path}/look", BODY).status_code == 200
    assert dan.post(path, BODY).status_code == 404
