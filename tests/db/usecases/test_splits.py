"""A merge taken back by hand: what was whose goes apart, for good (CUS-1)."""

import itertools
import json
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.app import app
from ripresa.usecases.contacts.split_contact import CannotSplit, Parted, split_contact
from ripresa.usecases.fold_events import fold_shop
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world
from tests.db.usecases.fold_tables import arrive

pytestmark = pytest.mark.django_db
ADA, BEN, SEVEN = "email:ada@home.test", "email:ben@home.test", "customer:7"
WINE = [{"sku": "A1", "title": "Vino", "quantity": 1, "unit_price": "29.90"}]
_number = itertools.count(1)


def told(kind, when, email=None, customer_id=None, **more):
    said = {"email": email and f"{email}@home.test", "customer_id": customer_id}
    contact = {name: value for name, value in said.items() if value} | more.pop("contact", {})
    return {
        "id": f"s{next(_number)}", "type": kind, "occurred_at": when.isoformat(), "contact": contact, **more,
    }  # fmt: skip


def a_cart(token):
    return {"cart": {"token": token, "currency": "EUR", "items": WINE}}


def an_order(number):
    return {"order": {"id": number, "currency": "EUR", "total": "29.90"}}


def fold(world):
    while fold_shop(shop_id=world.shop_id, now=world.now):
        pass


@pytest.fixture
def world():
    """Ada and Ben, made one by an event that named Ada's address with Ben's customer id; both left a cart."""
    world = make_world()
    world.scenario(more="on_second_cart: each")
    yes = {"contact": {"consent": {"email": "granted"}}}
    no_sms = {"contact": {"consent": {"email": "granted", "sms": "denied"}}}
    events = [
        told("order.placed", T0 - 9 * DAY, "ada", **an_order("oA")),
        told("order.placed", T0 - 8 * DAY, "ben", "7", **an_order("oB")),
        told("consent.changed", T0 - DAY, "ben", **no_sms),
        told("cart.updated", T0, "ada", **a_cart("tA"), **yes),
        told("cart.updated", T0, customer_id="7", **a_cart("tB")),
        told("contact.identified", T0, "ada", "7", visitor_id="v1"),
    ]
    arrive(world.shop, events)
    fold(world)
    world.run_until(T0 + 25 * HOUR)
    return world


def split(world, *keys):
    done = split_contact(shop_id=world.shop_id, keys=keys, now=world.now)
    fold(world)
    return done


def people(world):
    found = {}
    for contact, key in ContactKey.objects.filter(shop=world.shop).values_list("contact_id", "key"):
        found.setdefault(contact, set()).add(key)
    return sorted(sorted(keys) for keys in found.values())


def whose(world, model, column):
    """{what it is about: the address of whose it is}"""
    rows = model.objects.filter(shop=world.shop).select_related("contact")
    return {getattr(row, column): row.contact.email for row in rows}


def test_carts_orders_recoveries_and_messages_go_to_whom_they_belong(world):
    assert people(world) == [[SEVEN, ADA, BEN]]
    assert split(world, "email:ADA@home.test ") == Parted((ADA,), (SEVEN, BEN))
    assert people(world) == [[SEVEN, BEN], [ADA]]
    ada, ben = "ada@home.test", "ben@home.test"
    assert whose(world, Cart, "token") == {"tA": ada, "tB": ben}
    assert whose(world, Order, "external_id") == {"oA": ada, "oB": ben}
    tokens = dict(Cart.objects.filter(shop=world.shop).values_list("id", "token"))
    by_cart = {tokens[row.cart_id]: row for row in Recovery.objects.filter(shop=world.shop)}
    assert {token: row.contact.email for token, row in by_cart.items()} == {"tA": ada, "tB": ben}
    mails = Message.objects.filter(shop=world.shop).select_related("contact")
    assert {(tokens[mail.cart_id], mail.contact.email) for mail in mails} == {
        ("tA", ada), ("tB", ben),
    }  # fmt: skip
    left = Abandonment.objects.filter(shop=world.shop).select_related("cart__contact")
    assert sorted(one.cart.contact.email for one in left) == [ada, ben]


def test_consent_goes_with_the_key_it_was_given_under(world):
    split(world, ADA)
    found = Contact.objects.filter(shop=world.shop).order_by("email")
    assert list(found.values_list("email", "consent_email", "consent_sms")) == [
        ("ada@home.test", "granted", "unknown"),
        ("ben@home.test", "granted", "denied"),
    ]


def test_what_is_still_planned_goes_to_the_right_address(world):
    split(world, ADA)
    world.channel.mails.clear()
    world.run_until(T0 + 20 * DAY)
    assert sorted(world.channel.recipients) == ["ada@home.test"] * 2 + ["ben@home.test"] * 2


def test_an_order_of_one_no_longer_silences_the_other(world):
    split(world, ADA)
    arrive(world.shop, [told("order.placed", world.now, "ben", **an_order("oC"))])
    fold(world)
    states = dict(Cart.objects.filter(shop=world.shop).values_list("token", "state"))
    assert states == {"tA": "abandoned", "tB": "recovered"}


def test_later_events_that_name_both_do_not_join_them_again(world):
    split(world, ADA)
    later = [
        told("contact.identified", world.now, "ada", "7", visitor_id="v9"),
        told("cart.updated", world.now, "ada", **a_cart("tC")),
        told("cart.updated", world.now + HOUR, customer_id="7", **a_cart("tC")),
    ]
    arrive(world.shop, later)
    fold(world)
    assert people(world) == [[SEVEN, BEN], [ADA]]


def test_a_split_reaches_keys_that_are_told_later(world):
    split(world, ADA)
    arrive(world.shop, [told("contact.identified", world.now, "ada", "8", visitor_id="v9")])
    fold(world)
    assert people(world) == [[SEVEN, BEN], ["customer:8"], [ADA]]


def test_a_number_goes_with_the_key_that_claimed_it(world):
    phone = {"contact": {"phone": "+393331234567"}}
    by_number = told("cart.updated", T0, **a_cart("tP"), **phone)
    arrive(world.shop, [told("contact.identified", T0, "ada", visitor_id="v1", **phone), by_number])
    fold(world)
    split(world, ADA)
    assert people(world) == [[SEVEN, BEN], [ADA, "phone:+393331234567"]]
    assert whose(world, Cart, "token")["tP"] == "ada@home.test"


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ((), "name at least one key"),
        (
            ("email:nobody@home.test", ADA),
            "nobody in this shop has the key email:nobody@home.test$",
        ),
        ((ADA, "customer:9"), "belong to different people"),
        ((ADA, BEN, SEVEN), "there is nothing to part from"),
        (("phone:+393331234567",), "is no key that a split can take out"),
        (("ada@home.test",), "is no key that a split can take out"),
        (("email:ada",), "is no key that a split can take out"),
    ],
)
def test_what_can_not_be_split_is_refused_and_nothing_changes(world, keys, why):
    arrive(world.shop, [told("cart.updated", T0, customer_id="9", **a_cart("tZ"))])
    fold(world)
    with pytest.raises(CannotSplit, match=why):
        split(world, *keys)
    assert people(world) == [[SEVEN, ADA, BEN], ["customer:9"]]


@pytest.fixture
def ripresa(monkeypatch, world):
    """The command line on the tests' database, at the world's present."""

    @contextmanager
    def ready():
        yield SimpleNamespace(clock=SimpleNamespace(now=lambda: world.now))

    monkeypatch.setattr(home, "ready", ready)
    return lambda *words: CliRunner().invoke(
        app, ["contact", "split", "--shop", world.shop.slug, *words]
    )


def test_the_command_splits_and_tells_who_will_be_who(ripresa, world):
    done = ripresa(ADA, "--json")
    assert json.loads(done.stdout) == {"taken_out": [ADA], "left_behind": [SEVEN, BEN]}
    fold(world)
    assert people(world) == [[SEVEN, BEN], [ADA]]


def test_the_command_says_what_is_wrong(ripresa):
    refused = ripresa("email:nobody@home.test")
    assert str(refused.exception) == "nobody in this shop has the key email:nobody@home.test"
