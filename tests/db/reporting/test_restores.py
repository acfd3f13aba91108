"""Whether restore links lead back into the shop, by where carts come from: told events in, figures out."""

import hashlib
import itertools
from datetime import date, timedelta

import pytest
from django.db import connection

from ripresa.core.ids import new_id
from ripresa.core.sql import statement
from ripresa.domain.carts.models import Cart
from ripresa.domain.connections.models import Connection
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.models import MessageLink
from ripresa.domain.shops.models import Shop
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.follow_restore_link import follow_restore_link
from ripresa.usecases.reporting.restores import Restores, restores
from tests.db.reporting.story import wrote
from tests.db.usecases.fold_tables import arrive
from tests.rows import DAY, HOUR, T0, make_link

pytestmark = pytest.mark.django_db
TODAY = T0.date()
MINUTE = timedelta(minutes=1)
LAST = timedelta(minutes=30) - timedelta(microseconds=1)
WINE = {"sku": "A1", "title": "Vino", "quantity": 1, "unit_price": "29.90"}
_number = itertools.count(1)


class Scene:
    """A shop in Rome; each shopper leaves a cart, is written to, and presses the button a day later."""

    def __init__(self) -> None:
        self.shop = Shop.objects.create(
            slug=f"s{next(_number)}", name="Ada", timezone="Europe/Rome", created_at=T0
        )
        self.shop_id = self.shop.id

    def tell(self, kind, at, source="shop", **about):
        told = {"id": f"e{next(_number)}", "type": kind, "occurred_at": at.isoformat(), **about}
        arrive(self.shop, [told], source=source)
        while fold_shop(shop_id=self.shop_id, now=at + MINUTE):
            pass

    def follows(self, name, at, source="shop", **more):
        """She left a cart a day before, and now presses the button of her mail."""
        self.tell("cart.updated", at - DAY, source, cart=cart(name), contact=person(name))
        Cart.objects.filter(shop=self.shop, token=name).update(**more)
        found = Cart.objects.get(shop=self.shop, token=name, source=source)
        ada = Contact.objects.get(shop=self.shop, id=found.contact_id)
        message = wrote(self, ada, at - HOUR, cart_id=found.id)
        make_link(message, "restore", name, expires_at=at + DAY)
        self.press(name, at)

    def press(self, name, at):
        token = hashlib.sha256(name.encode()).digest()
        follow_restore_link(shop_id=self.shop_id, token_hash=token, now=at)

    def told(self, at=T0 + 2 * HOUR, begin=TODAY, end=TODAY):
        return restores(Shop.objects.get(id=self.shop_id), begin, end, now=at)


def cart(token, *items):
    return {"token": token, "currency": "EUR", "items": list(items) or [WINE]}


def person(name):
    return {"email": f"{name}@people.test"}


@pytest.fixture
def scene():
    return Scene()


def counts(told):
    return [(one.followed, one.back) for one in told]


def test_nobody_followed_any(scene):
    assert scene.told() == []


def test_the_shop_tells_of_her_cart_or_of_nothing(scene):
    for name in ("ada", "ben", "cleo"):
        scene.follows(name, T0)
    scene.tell("cart.updated", T0 + MINUTE, cart=cart("ada", WINE, WINE | {"sku": "B2"}))
    scene.tell("checkout.started", T0 + MINUTE, cart={"token": "ben"})
    assert scene.told() == [Restores("shop", "", 3, 2)]
    assert scene.told()[0].rate == pytest.approx(2 / 3)


def test_the_same_items_told_again_show_that_they_are_there(scene):
    scene.follows("ada", T0)
    scene.tell("cart.updated", T0 + MINUTE, cart=cart("ada"))
    assert counts(scene.told()) == [(1, 1)]


def test_the_cart_goes_on_under_another_token(scene):
    for name in ("ada", "ben"):
        scene.follows(name, T0)
    scene.tell("cart.updated", T0 + MINUTE, cart=cart("laptop") | {"restored_from": "ada"})
    assert counts(scene.told()) == [(2, 1)]


def test_a_link_that_opens_an_empty_cart_has_not_led_back(scene):
    for name in ("ada", "ben", "cleo"):
        scene.follows(name, T0)
    scene.tell("cart.emptied", T0 + MINUTE, cart={"token": "ada"})
    scene.tell("cart.updated", T0 + MINUTE, cart=cart("ben") | {"items": []})
    # Another cart of hers, with nothing in it.
    empty = cart("cleo2") | {"items": []}
    scene.tell("cart.updated", T0 + MINUTE, cart=empty, contact=person("cleo"))
    scene.tell("cart.emptied", T0 + 2 * MINUTE, cart={"token": "cleo2"})
    assert counts(scene.told()) == [(3, 0)]


def test_a_new_cart_of_hers_and_her_order_count_nobody_elses_does(scene):
    for name in ("ada", "ben", "cleo"):
        scene.follows(name, T0)
    scene.tell("cart.updated", T0 + MINUTE, cart=cart("new"), contact=person("ada"))
    order = {"id": "o1", "currency": "EUR", "total": "29.90"}
    scene.tell("order.placed", T0 + MINUTE, order=order, contact=person("ben"))
    scene.tell("cart.updated", T0 + MINUTE, cart=cart("hers"), contact=person("dora"))
    assert counts(scene.told()) == [(3, 2)]


def test_half_an_hour_from_the_button_on_and_not_before(scene):
    for name in ("before", "at", "last", "late"):
        scene.follows(name, T0)
    scene.tell("cart.updated", T0 - MINUTE, cart=cart("before", WINE, WINE | {"sku": "B2"}))
    scene.tell("cart.updated", T0, cart=cart("at"))
    scene.tell("cart.updated", T0 + LAST, cart=cart("last"))
    scene.tell("cart.updated", T0 + 30 * MINUTE, cart=cart("late"))
    assert counts(scene.told()) == [(4, 2)]


def test_by_where_carts_come_from_what_is_followed_most_first(scene):
    Connection.objects.create(
        shop=scene.shop, id=new_id(T0), platform="medusa", name="wines", secrets=b"-", created_at=T0,
        asked_until=T0,
    )  # fmt: skip
    scene.follows("ada", T0)
    for name in ("ben", "cleo"):
        scene.follows(name, T0, source="wines")
    scene.tell("cart.updated", T0 + MINUTE, "wines", cart=cart("cleo"))
    scene.tell("cart.updated", T0 + MINUTE, "elsewhere", cart=cart("nobody's"))
    assert scene.told() == [Restores("wines", "medusa", 2, 1), Restores("shop", "", 1, 0)]


def test_a_link_counts_once_on_the_day_it_was_first_pressed_by_the_shops_clock(scene):
    midnight = T0.replace(hour=23)  # in Rome
    scene.follows("ada", midnight - MINUTE)
    scene.press("ada", midnight + MINUTE)
    scene.follows("ben", midnight)
    at = T0 + 3 * DAY
    assert counts(scene.told(at)) == [(1, 0)]
    tomorrow = TODAY + DAY
    assert counts(scene.told(at, tomorrow, tomorrow)) == [(1, 0)]
    assert counts(scene.told(at, TODAY, tomorrow)) == [(2, 0)]


def test_what_cannot_be_judged_yet_is_left_out(scene):
    scene.follows("ada", T0)
    assert scene.told(T0 + 30 * MINUTE) == []
    assert counts(scene.told(T0 + 31 * MINUTE)) == [(1, 0)]


def test_what_can_be_judged_no_more_is_left_out_too(scene):
    """Once the steps of carts are gone nothing would be found: that would look like a broken way back."""
    scene.follows("ada", T0)
    late = T0 + 91 * DAY
    assert scene.told(late) == []
    Shop.objects.filter(id=scene.shop_id).update(retention={"activity": 120})
    assert counts(scene.told(late)) == [(1, 0)]
    Shop.objects.filter(id=scene.shop_id).update(retention={"activity": 0})
    assert counts(scene.told(late, date(2026, 1, 1), date(2027, 12, 31))) == [(1, 0)]


def test_crawlers_tests_other_links_and_other_shops_stay_out(scene):
    scene.follows("bot", T0, is_bot=True)
    scene.follows("test", T0, is_test=True)
    scene.follows("ada", T0)
    MessageLink.objects.filter(
        shop=scene.shop, token_hash=hashlib.sha256(b"ada").digest()
    ).update(purpose="unsubscribe")  # fmt: skip
    other = Scene()
    other.follows("ben", T0)
    assert scene.told() == []
    assert counts(other.told()) == [(1, 0)]


def test_links_of_other_days_are_not_read(scene):
    scene.follows("ada", T0)
    ada = Contact.objects.get(shop=scene.shop)
    message = wrote(scene, ada, T0)
    MessageLink.objects.bulk_create(
        MessageLink(
            shop=scene.shop, token_hash=f"{number}".encode(), purpose="restore", message_id=message.id,
            expires_at=T0 + DAY, used_at=T0 - 40 * DAY - number * MINUTE if number % 2 else None,
        )
        for number in range(2_000)
    )  # fmt: skip
    values = {"shop_id": scene.shop_id, "begin": T0 - DAY, "end": T0 + DAY, "within": LAST}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE message_link")
        cursor.execute(f"EXPLAIN {statement('ripresa.domain.attribution', 'restores')}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "message_link_pressed" in plan
