"""Which branch a cart takes at its taking up (SCN-7), and what its messages are (SCN-2)."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.carts.models import Cart
from ripresa.domain.coupons.models import CouponCode, CouponIssue, CouponPool
from ripresa.domain.deals import opening
from ripresa.domain.deals.opening import Wanted
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.shops.models import Shop
from ripresa.domain.webhooks.telling import forget_patterns
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.usecases.engine_world import DAY, HOUR, ITEMS, T0, make_world

pytestmark = pytest.mark.django_db
HEAD = "version: 1\nname: Left\n"
STEP = "steps: [{id: %s, after: 0h, send: [email], template: reminder}]"
AGENT_FIRST = """\
version: 1
name: Left in the cart
branches:
  - name: small
    when: {cart_value: {lt: "2000.00"}}
    steps:
      - {id: first, after: 24h, send: [email], template: agent_reminder, sender: agent}
  - name: large
    when: {cart_value: {gte: "2000.00"}}
    steps:
      - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}
      - {id: second, after: 48h, send: [email], template: agent_reminder, sender: agent}
"""


@pytest.fixture
def world():
    return make_world()


def publish(world, when):
    """A branch for those of whom `when` is true, one for the rest."""
    yes, no = STEP % "yes", STEP % "no"
    world.scenario(
        text=f"{HEAD}branches:\n  - {{name: 'true', when: {when}, {yes}}}\n  - {{name: 'false', {no}}}\n"
    )


def take_up(world, cart):
    world.now += 25 * HOUR
    while advance_carts(shop_id=world.shop_id, now=world.now):
        pass
    take_up_recoveries(shop_id=world.shop_id, now=world.now)
    return Recovery.objects.get(shop_id=world.shop_id, cart_id=cart.id)


def worth(world, minor, currency="EUR", person=None):
    cart = world.cart(person or world.contact())
    Cart.objects.filter(shop_id=world.shop_id, id=cart.id).update(
        total_minor=minor, currency=currency
    )
    return cart


@pytest.mark.parametrize(
    ("minor", "branch", "planned"),
    [
        (199_999, "small", [("first", 1, "email", 24)]),
        (200_000, "large", [("tell", 1, "agent", 0), ("second", 2, "email", 48)]),
    ],
)
def test_below_two_thousand_an_email_and_from_there_the_agent_first(world, minor, branch, planned):
    world.scenario(text=AGENT_FIRST)
    run = take_up(world, worth(world, minor))
    assert (run.state, run.branch) == ("active", branch)
    messages = Message.objects.filter(shop_id=world.shop_id).order_by("step_number")
    assert [
        (one.step, one.step_number, one.channel, (one.planned_for - run.taken_up_at) / HOUR)
        for one in messages
    ] == planned


def test_money_of_another_currency_is_skipped_with_what_it_was(world):
    world.scenario(text=AGENT_FIRST)
    run = take_up(world, worth(world, 199_999, "RON"))
    assert (run.state, run.reason, run.branch) == ("skipped", "currency_mismatch", None)
    decision = Decision.objects.get(shop_id=world.shop_id)
    assert decision.facts == {"cart_value": "1999.99", "currency": "RON", "country": "IT"}
    assert not Message.objects.filter(shop_id=world.shop_id).exists()


def test_a_branch_that_is_true_before_the_money_matters_is_taken(world):
    world.scenario(
        text=f"{HEAD}branches:\n"
        f"  - {{name: italian, when: {{country: IT}}, {STEP % 'a'}}}\n"
        f"  - {{name: small, when: {{cart_value: {{lt: '9.00'}}}}, {STEP % 'b'}}}\n"
    )
    assert take_up(world, worth(world, 500, "RON")).branch == "italian"


def test_the_file_may_name_the_currency_and_yen_have_no_cents(world):
    publish(world, "{cart_value: {gte: '2000', currency: JPY}}")
    assert take_up(world, worth(world, 2000, "JPY")).branch == "true"
    assert take_up(world, worth(world, 1999, "JPY", world.contact("ben"))).branch == "false"


def test_none_true_is_no_branch(world):
    world.scenario(
        text=f"{HEAD}branches:\n  - {{name: a, when: {{item_count: {{gt: 2}}}}, {STEP % 'a'}}}\n"
    )
    run = take_up(world, world.cart(world.contact()))
    assert (run.state, run.reason) == ("skipped", "no_branch")
    assert Decision.objects.get(shop_id=world.shop_id).facts == {
        "cart_value": "59.80", "currency": "EUR", "country": "IT", "item_count": 2,
    }  # fmt: skip


def test_the_first_that_is_true_wins(world):
    world.scenario(
        text=f"{HEAD}branches:\n"
        f"  - {{name: a, when: {{item_count: {{gt: 1}}}}, {STEP % 'a'}}}\n"
        f"  - {{name: b, when: {{item_count: {{gt: 0}}}}, {STEP % 'b'}}}\n"
    )
    assert take_up(world, world.cart(world.contact())).branch == "a"


@pytest.mark.parametrize(
    ("when", "values", "branch"),
    [
        ("{country: AT}", {"address": {"country": "AT"}, "phone": "+393331234567"}, "true"),
        ("{country: RO}", {"phone": "+40712345678"}, "true"),
        ("{country: IT}", {}, "true"),  # the shop's
        ("{country: {ne: IT}}", {}, "false"),
        ("{language: it}", {"locale": "it-CH"}, "true"),
        ("{language: en}", {"locale": "ro-RO"}, "true"),  # not served: the scenario's default
        ("{consent.email: granted}", {}, "true"),
        ("{consent.sms: granted}", {}, "false"),
        ("{consent.sms: denied}", {"consent_sms": "denied"}, "true"),
    ],
)
def test_what_is_known_of_the_person(world, when, values, branch):
    text = f"{HEAD}languages: {{mode: multi, default: en, list: [en, it]}}\n"
    yes, no = STEP % "yes", STEP % "no"
    world.scenario(
        text=f"{text}branches:\n  - {{name: 'true', when: {when}, {yes}}}\n  - {{name: 'false', {no}}}\n"
    )
    assert take_up(world, world.cart(world.contact(**values))).branch == branch


@pytest.mark.parametrize(
    ("when", "branch"),
    [
        ("{sku: A1}", "true"),
        ("{sku: {in: [X, B2]}}", "true"),
        ("{sku: {ne: A1}}", "false"),
        ("{category: red}", "true"),
        ("{category: {ne: white}}", "true"),
        ("{item_count: 3}", "true"),
        ("{source: shop}", "true"),
        ("{device: tablet}", "true"),
        ("{currency: EUR}", "true"),
        ("{not: {any: [{sku: X}, {device: desktop}]}}", "true"),
        ("{all: [{sku: A1}, {source: erp}]}", "false"),
    ],
)
def test_what_is_known_of_the_cart(world, when, branch):
    publish(world, when)
    cart = world.cart(world.contact())
    items = [
        {**ITEMS[0], "sku": "A1", "categories": ["wine", "red"], "quantity": 2},
        {**ITEMS[0], "sku": "B2", "quantity": 1},
    ]
    Cart.objects.filter(shop_id=world.shop_id, id=cart.id).update(
        items=items, item_count=3, device="tablet"
    )
    assert take_up(world, cart).branch == branch


@pytest.mark.parametrize(
    ("orders", "classes"),
    [
        ([], {"new"}),
        ([{"placed_at": T0 - DAY}], {"returning"}),
        ([{"placed_at": T0 - 100 * DAY}], {"returning", "inactive"}),
        ([{"placed_at": T0 - 100 * DAY}, {"placed_at": T0 - DAY}], {"returning"}),
        ([{"placed_at": T0 - DAY, "cancelled_at": T0}], {"new"}),
        ([{"placed_at": T0 - DAY, "refunded_minor": 1000}], {"new"}),
        ([{"placed_at": T0 - DAY, "is_test": True}], {"new"}),
    ],
)
def test_the_class_of_the_customer(world, orders, classes):
    for number, name in enumerate(("new", "returning", "inactive")):
        shop = make_world()
        publish(shop, f"{{customer: {name}}}")
        person = shop.contact(f"ada{number}")
        for values in orders:
            shop.order(person, **values)
        assert take_up(shop, shop.cart(person)).branch == ("true" if name in classes else "false")


def test_a_coupon_in_hand(world):
    publish(world, "{has_coupon: true}")
    ada, ben = world.contact("ada"), world.contact("ben")
    shop = Shop.objects.get(id=world.shop_id)
    pool = CouponPool.objects.create(
        shop=shop, id=new_id(T0), name="P", kind="dynamic", created_at=T0
    )
    code = CouponCode.objects.create(
        shop=shop, id=new_id(T0), pool_id=pool.id, code="C1", reserved_at=T0
    )
    CouponIssue.objects.create(
        shop=shop, id=new_id(T0), pool_id=pool.id, code_id=code.id, code="C1", reserved_at=T0,
        contact_id=ada.id, origin_kind="recovery", origin_id=new_id(T0), step="first", sent_at=T0,
    )  # fmt: skip
    carts = [world.cart(ada), world.cart(ben)]
    assert [take_up(world, cart).branch for cart in carts] == ["true", "false"]


def test_the_stage_of_the_cart_s_deal(world):
    publish(world, "{deal_stage: in_talks}")
    carts = [world.cart(world.contact("ada")), world.cart(world.contact("ben"))]
    opening.open_deals(
        shop_id=world.shop_id,
        wanted=[Wanted(carts[0].id, carts[0].contact_id, "in_talks", Money(5980, "EUR"))],
        now=T0,
    )
    assert [take_up(world, cart).branch for cart in carts] == ["true", "false"]


def test_as_many_statements_for_many_carts_as_for_one(world):
    numbers = itertools.count()
    publish(world, "{any: [{customer: inactive}, {has_coupon: true}, {deal_stage: in_talks}]}")

    def statements(count):
        for _ in range(count):
            world.cart(world.contact(f"p{next(numbers)}"))
        world.now += 25 * HOUR
        while advance_carts(shop_id=world.shop_id, now=world.now):
            pass
        forget_patterns(
            world.shop_id
        )  # who has web hooks is kept for a second: looked up each time
        with CaptureQueriesContext(connection) as found:
            take_up_recoveries(shop_id=world.shop_id, now=world.now)
        return len(found)

    statements(1)  # reads the plan once a process
    assert statements(1) == statements(30)
