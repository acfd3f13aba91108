"""OPS-3: the owner hears once that a shop goes quiet and once that it is over; the figures are right."""

import json
from datetime import timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import CaptureAlarm, Cart
from ripresa.domain.connections.models import Connection
from ripresa.domain.messages.models import OwnerNotice
from ripresa.domain.messages.owner_notices import words_of
from ripresa.domain.webhooks.models import WebhookEndpoint, WebhookEvent
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.health.probing import DidNotArrive, probe
from ripresa.usecases.health.telling import tell_health
from ripresa.usecases.health.watching import EVERY, shops_to_watch, watch
from tests.db.usecases.fold_tables import arrive
from tests.rows import DAY, HOUR, T0, make_cart, make_contact, make_order, make_shop
from tests.scripted_http import Said, ScriptedApi

pytestmark = pytest.mark.django_db
WEEKS = 5


def carts(shop, hours, each=30):
    """`each` carts in every hour that begins so many hours before T0."""
    Cart.objects.bulk_create(
        _cart(shop, T0 - hour * HOUR, f"c{hour}-{number}")
        for hour in hours
        for number in range(each)
    )


def _cart(shop, at, token):
    return Cart(
        shop=shop, id=new_id(at), source="shop", token=token, generation=1, state="open",
        kind="cart", currency="EUR", total_minor=100, item_count=1, items=[], is_bot=False,
        is_test=False, begun_at=at, left_at=at, newest_at=at, newest_event=token,
    )  # fmt: skip


def notices(shop):
    return list(OwnerNotice.objects.filter(shop=shop).order_by("id").values_list("kind", "cause"))


def test_it_is_told_once_and_called_off_once():
    shop = make_shop("wines", "Ada's Wines", owner_email="ada@wines.test")
    WebhookEndpoint.objects.create(
        shop=shop, id=new_id(T0), name="crm", url="https://crm.test/hook", secrets=b"sealed",
        patterns=["shop.warned"], created_at=T0,
    )  # fmt: skip
    hours = [week * 168 + hour for week in range(1, WEEKS) for hour in (0, 1, 2)]
    carts(shop, hours)
    assert watch(shop_id=shop.id, now=T0) == 1
    alarm = CaptureAlarm.objects.get(shop=shop)
    assert (alarm.hours, alarm.seen, alarm.usual, alarm.ended_at) == (1, 0, 30, None)
    assert shops_to_watch(T0 + EVERY / 2) == []
    for minutes in (0, 15, 30):
        assert watch(shop_id=shop.id, now=T0 + timedelta(minutes=minutes)) == 0
    assert tell_health(shop_id=shop.id, now=T0).quiet_since == T0
    carts(shop, [0], each=25)
    assert watch(shop_id=shop.id, now=T0 + HOUR) == 1
    assert watch(shop_id=shop.id, now=T0 + HOUR + EVERY) == 0
    assert notices(shop) == [("quiet", "0 / 30 (1 h)"), ("quiet_over", "25 / 30 (1 h)")]
    told = WebhookEvent.objects.filter(shop=shop, type="shop.warned").order_by("id")
    assert [one.facts["kind"] for one in told] == ["quiet", "quiet_over"]
    for kind, cause in notices(shop):
        for language in ("en", "de", "it", "ro", "ru"):
            assert shop.name in words_of(kind, shop.name, cause, language).subject


def test_programs_read_what_was_captured_per_hour():
    shop = make_shop("wines", "Ada's Wines")
    carts(shop, [1, *(week * 168 + 1 for week in range(1, WEEKS))], each=4)
    carts(shop, [3], each=2)
    told = json.loads(json.dumps(tell_health(shop_id=shop.id, now=T0).plain(), default=str))
    hours = {hour["at"]: (hour["seen"], hour["usual"]) for hour in told["by_hour"]}
    assert len(hours) == 48
    assert hours[str(T0 - HOUR)] == (4, 4.0)
    assert hours[str(T0 - 3 * HOUR)] == (2, 0.0)


def test_crawlers_and_files_bring_no_life():
    shop = make_shop("wines", "Ada's Wines")
    carts(shop, [week * 168 + 1 for week in range(1, WEEKS)])
    rows = [_cart(shop, T0 - HOUR, f"b{number}") for number in range(40)]
    for number, row in enumerate(rows):
        row.is_bot = number % 2 == 0
        row.newest_event = f"file:carts:{number}"
    Cart.objects.bulk_create(rows)
    assert tell_health(shop_id=shop.id, now=T0).is_quiet is True


def test_what_is_known_before_payment_and_what_else_may_be_amiss():
    shop = make_shop("wines", "Ada's Wines")
    ben = make_contact(shop, email="ben@mail.test")
    known = make_order(shop, ben, placed_at=T0 - DAY, total_minor=100)
    cart = make_cart(shop, ben, left_at=T0 - DAY, state="ordered", order=known)
    Cart.objects.filter(shop=shop, id=cart.id).update(device="mobile", begun_at=T0 - DAY - HOUR)
    make_order(shop, ben, placed_at=T0 - DAY, total_minor=100)
    make_order(shop, ben, placed_at=T0 - DAY, total_minor=100, origin="staff")
    make_order(shop, ben, placed_at=T0 - DAY, total_minor=100, is_test=True)
    make_order(shop, ben, placed_at=T0 - 9 * DAY, total_minor=100)
    Connection.objects.create(
        shop=shop, id=new_id(T0), platform="woocommerce", name="woo", secrets=b"", created_at=T0,
        asked_until=T0, trouble="the shop is away",
    )  # fmt: skip
    found = tell_health(shop_id=shop.id, now=T0)
    assert (found.orders, found.orders_known, found.known_share) == (2, 1, 0.5)
    assert [(one.source, one.device, one.orders, one.known) for one in found.known_orders] == [
        ("shop", "mobile", 1, 1), ("shop", "unknown", 1, 0),
    ]  # fmt: skip
    assert found.is_quiet is None
    [told] = found.connections
    assert (told.name, told.trouble, told.last_heard_at) == ("woo", "the shop is away", None)


def test_a_probe_is_a_test_in_the_tables_and_nothing_is_quiet_about_its_failure():
    shop = make_shop("wines", "Ada's Wines")
    heard = []

    def take(request):
        heard.append(request)
        return Said(202, {"accepted": 2, "duplicates": 0, "rejected": []})

    def work(_):
        arrive(shop, json.loads(heard[0].body)["events"], trusted=False)
        fold_shop(shop_id=shop.id, now=T0)

    asked = {"shop": shop, "key": "pk_1_x", "within": 5, "now_text": T0.isoformat()}
    with ScriptedApi(take) as api:
        found = probe(public_url=api.url, sleep=work, **asked)
    assert found.folded >= found.answered
    assert heard[0].headers["authorization"] == "Bearer pk_1_x"
    [cart] = Cart.objects.filter(shop=shop)
    assert (cart.is_test, cart.contact_id, cart.due_at) == (True, None, None)
    assert cart.kind == "checkout"
    with (
        ScriptedApi(lambda _: Said(410, {"error": {"code": "switched_off"}})) as api,
        pytest.raises(DidNotArrive, match="answered 410"),
    ):
        probe(public_url=api.url, **asked)
