"""Two contacts turn out to be one, and are split again: codes go where their messages go."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ripresa.contracts.events import EventType, SplitBlock, StoreEvent
from ripresa.domain.carts.models import Cart
from ripresa.domain.coupons import operations
from ripresa.domain.coupons.models import CouponIssue
from ripresa.domain.coupons.rules import Wish
from ripresa.domain.messages.models import Message
from ripresa.usecases.fold_events import fold_shop
from tests.db.coupons.pools import add_codes, make_pool
from tests.db.usecases.fold_tables import NOW, arrive
from tests.rows import DAY, make_shop

pytestmark = pytest.mark.django_db
AT = "2026-10-03T{:02}:00:00Z"
ITEMS = [{"sku": "A1", "title": "Vino", "quantity": 1, "unit_price": "29.90"}]


def tell(shop, hour, kind="cart.updated", **fields):
    arrive(shop, [{"id": f"e{hour}", "type": kind, "occurred_at": AT.format(hour), **fields}])
    while fold_shop(shop_id=shop.id, now=NOW):
        pass


def left(shop, hour, token, **contact):
    tell(shop, hour, cart={"token": token, "currency": "EUR", "items": ITEMS}, contact=contact)
    return Cart.objects.get(shop=shop, token=token)


def message_with_code(cart, now=NOW):
    wish = Wish(uuid4(), "spring", cart.contact_id, "recovery", uuid4(), "first", one_per=30 * DAY)
    Message.objects.create(
        shop_id=cart.shop_id, id=wish.key, origin_kind="recovery", origin_id=wish.origin_id,
        step="first", step_number=1, channel="email", contact_id=cart.contact_id, cart_id=cart.id,
        template="reminder", state="planned", planned_for=now, due_at=now,
    )  # fmt: skip
    operations.reserve(shop_id=cart.shop_id, wishes=[wish], now=now)


def owners(shop):
    return dict(
        CouponIssue.objects.filter(shop=shop).order_by("code").values_list("code", "contact_id")
    )


def test_codes_go_where_their_messages_go():
    shop = make_shop("wines", "Ada's Wines")
    add_codes(make_pool(shop), "ABC")
    by_mail = left(shop, 9, "t1", email="ada@people.test")
    by_number = left(shop, 10, "t2", customer_id="c7")
    message_with_code(by_mail)
    message_with_code(by_number)
    assert owners(shop) == {"A": by_mail.contact_id, "B": by_number.contact_id}

    both = {"email": "ada@people.test", "customer_id": "c7"}
    tell(shop, 11, "contact.identified", contact=both, visitor_id="v1")
    [one] = set(owners(shop).values())
    by_mail.refresh_from_db()
    assert one == by_mail.contact_id
    again = Wish(uuid4(), "spring", one, "recovery", uuid4(), "first", one_per=30 * DAY)
    answer = operations.reserve(shop_id=shop.id, wishes=[again], now=NOW + timedelta(hours=1))
    assert answer[again.key].reason == "coupon_cap"

    apart = StoreEvent(
        id="e12",
        type=EventType.CONTACT_SPLIT,
        occurred_at=NOW,
        split=SplitBlock(("customer:c7",)),
    )
    arrive(shop, [apart])
    fold_shop(shop_id=shop.id, now=NOW)
    by_mail.refresh_from_db()
    by_number.refresh_from_db()
    assert owners(shop) == {"A": by_mail.contact_id, "B": by_number.contact_id}
    assert by_number.contact_id != by_mail.contact_id
