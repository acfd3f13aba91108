"""`ripresa deal` as a person and as a program use it (AGT-2, AGT-3)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.deals.models import Deal
from ripresa.domain.deals.queries import holds_of
from ripresa.entrypoints.cli.problem import Problem
from tests.db.deals.conftest import told
from tests.db.deals.pipeline_world import World, add_agent, left_cart, open_one
from tests.rows import T0, make_shop

pytestmark = pytest.mark.django_db
ANNA = "anna@shop.test"


@pytest.fixture
def world(shop):
    return World(shop, T0 - timedelta(hours=1))


@pytest.fixture
def cart(world):
    cart = left_cart(world, world.contact())
    open_one(world, cart)
    return cart


@pytest.fixture
def deal(cart):
    return Deal.objects.get(shop_id=cart.shop_id).id


def test_deals_are_listed_the_newest_first_and_filtered(ripresa, world, cart, deal):
    ripresa("deal", "take", deal, "--by", ANNA)
    other = left_cart(world, world.contact("carl"))
    world.now += timedelta(minutes=1)
    open_one(world, other)
    ripresa("deal", "move", other.token, "in_talks")
    [second, first] = told(ripresa, "deal", "list")
    assert (first["id"], first["stage"], first["taken_over_by"]) == (str(deal), "check_out_abandoned", ANNA)  # fmt: skip
    assert (second["stage"], second["value"]) == ("in_talks", {"amount": "2000.00", "currency": "EUR"})  # fmt: skip
    assert [one["id"] for one in told(ripresa, "deal", "list", "--stage", "in_talks")] == [second["id"]]  # fmt: skip
    ripresa("deal", "lost", other.token, "--why", "too dear")
    assert len(told(ripresa, "deal", "list")) == 1
    assert len(told(ripresa, "deal", "list", "--all")) == 2
    assert str(deal) in ripresa("deal", "list")
    assert "no deals" in ripresa("deal", "list", "--agent", "nobody@shop.test")


def test_a_deal_tells_its_log(ripresa, cart, deal):
    ripresa("deal", "note", cart.id, "She wants it in red.", "--by", ANNA)
    shown = told(ripresa, "deal", "show", cart.token)
    assert shown["id"] == str(deal)
    assert [(one["kind"], one["who"], one["note"]) for one in shown["log"]][1:] == [
        ("noted", ANNA, "She wants it in red.")
    ]
    assert "She wants it in red." in ripresa("deal", "show", deal)


def test_who_saw_it_elsewhere_changes_nothing(ripresa, deal):
    ripresa("deal", "move", deal, "in_talks")
    with pytest.raises(Problem, match="moved the deal to 'in_talks'"):
        ripresa("deal", "won", deal, "--from", "check_out_abandoned")
    with pytest.raises(Problem, match="check_out_abandoned, in_talks, confirmed, lost"):
        ripresa("deal", "move", deal, "in_talk")
    assert told(ripresa, "deal", "won", deal, "--from", "in_talks")["outcome"] == "won"
    with pytest.raises(Problem, match="won"):
        ripresa("deal", "lost", deal)


def test_taken_over_it_is_in_one_hand(ripresa, world, deal):
    anna = add_agent(world, ANNA)
    ripresa("deal", "take", deal, "--by", ANNA)
    assert Deal.objects.get(shop_id=world.shop_id).agent_id == anna
    with pytest.raises(Problem, match=f"{ANNA} has the deal"):
        ripresa("deal", "take", deal, "--by", "bruno@shop.test")
    ripresa("deal", "take", deal, "--by", "bruno@shop.test", "--instead-of", ANNA)
    assert told(ripresa, "deal", "show", deal)["taken_over_by"] == "bruno@shop.test"


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2d", T0 + timedelta(days=2)),
        ((T0 + timedelta(hours=3)).isoformat(), T0 + timedelta(hours=3)),
    ],
)
def test_it_rests_for_a_while_or_until_an_instant_and_is_woken(ripresa, world, cart, deal, until, expected):  # fmt: skip
    def rests():
        return holds_of(shop_id=world.shop_id, cart_ids=[cart.id], now=T0)[cart.id].snoozed_until

    ripresa("deal", "snooze", deal, until)
    assert rests() == expected
    ripresa("deal", "wake", deal)
    assert rests() is None
    with pytest.raises(Problem, match="2d"):
        ripresa("deal", "snooze", deal, "tomorrow")
    with pytest.raises(Problem, match="to come"):
        ripresa("deal", "snooze", deal, (T0 - timedelta(hours=3)).isoformat())


def test_a_call_and_an_answer_are_written_down_when_they_were(ripresa, deal):
    ago = T0 - timedelta(minutes=5)
    ripresa("deal", "called", deal, "--text", "She will think it over.", "--at", ago.isoformat())
    ripresa("deal", "replied", deal)
    shown = told(ripresa, "deal", "show", deal)
    assert shown["contacted_at"].startswith(f"{ago:%Y-%m-%dT%H:%M:%S}")
    assert shown["replied_at"].startswith(f"{T0:%Y-%m-%dT%H:%M:%S}")
    with pytest.raises(Problem, match="lies ahead"):
        ripresa("deal", "called", deal, "--at", (T0 + timedelta(hours=1)).isoformat())


def test_a_deal_of_another_shop_is_nobody_s(ripresa):
    stranger = World(make_shop("other", "Other"), T0)
    cart = left_cart(stranger, stranger.contact())
    open_one(stranger, cart)
    for named in (cart.token, cart.id, Deal.objects.get().id, uuid4(), new_id(T0)):
        with pytest.raises(Problem, match="no deal"):
            ripresa("deal", "note", named, "mine now")
