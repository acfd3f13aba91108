"""What a scenario would have done (SCN-16): the same as a simulation of what happened, and nothing is touched."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import ConsentClaim
from ripresa.domain.coupons.models import CouponCode
from ripresa.domain.coupons.pools import create_pool
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Decision
from ripresa.domain.segments import operations as segments
from ripresa.domain.segments.reading import parse_segment
from ripresa.domain.shops.models import Shop
from ripresa.entrypoints.registry import PROVIDERS
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.replay import asking, rehearsal
from ripresa.usecases.replay.history import carts_since, history_of
from ripresa.usecases.replay.rehearsal import Script, rehearse
from ripresa.usecases.replay.sample import Sample
from ripresa.usecases.scenarios.publish_scenario import check_scenario
from ripresa.usecases.templates import edit_template, own_templates
from tests.db.simulate.comparison import run_product, wish
from tests.db.simulate.test_against_oracle import THREE_STEPS, TWO_READINGS
from tests.db.usecases.fold_tables import arrive
from tests.oracle.generate import generate

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STEPS = """\
version: 1
name: Two reminders
trigger: {on: cart, idle: 24h}
legal_basis: consent
languages: {mode: single, default: en}
sender: {name: Bottega, email: ciao@bottega.example}
steps:
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: second, after: 2d, send: [email], template: second_reminder}
"""


def quiet(_now):
    """Nobody watches."""


def make_shop(**values):
    settings = {"abandoned_after": timedelta(hours=1), "owner_email": "owner@shop.test", **values}
    return Shop.objects.create(slug="bottega", name="Bottega", created_at=NOW, **settings)


def plan_of(text, shop):
    return check_scenario(text, file_name="steps.yaml", shop=shop)


def happened(shop, *events, trusted=True):
    arrive(shop, events, trusted=trusted)
    while fold_shop(shop_id=shop.id, now=NOW):
        pass
    while advance_carts(shop_id=shop.id, now=NOW):
        pass


def left(token, email, when, **more):
    item = {"sku": "A1", "title": "Vino", "quantity": 1, "unit_price": "29.90"}
    return {
        "id": f"left-{token}-{when}",
        "type": "cart.updated",
        "occurred_at": when.isoformat(),
        "contact": {"email": email, "consent": {"email": "granted"}},
        "cart": {"token": token, "currency": "EUR", "items": [item]},
        **more,
    }


def bought(number, email, when):
    order = {"id": number, "currency": "EUR", "total": "29.90"}
    return {
        "id": f"bought-{number}",
        "type": "order.placed",
        "occurred_at": when.isoformat(),
        "contact": {"email": email},
        "order": order,
    }


def everything_stored():
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" AS t ORDER BY 1')
            rows[table] = cursor.fetchall()
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_a_folded_history_replays_as_a_simulation_of_its_events(seed, tmp_path):
    on_time = [
        {name: value for name, value in one.items() if name != "received_at"}
        for one in generate(seed, 12, TWO_READINGS)
    ]
    events = tmp_path / "events.jsonl"
    events.write_text("\n".join(json.dumps(one) for one in on_time))
    simulated, _ = run_product(wish(events, tmp_path / "out", THREE_STEPS))

    shop = make_shop(abandoned_after=timedelta(hours=24))
    happened(shop, *on_time)
    first = min(datetime.fromisoformat(one["occurred_at"]) for one in on_time)
    plan = check_scenario(THREE_STEPS.read_text(), file_name="three_steps.yaml")
    deliveries = history_of(shop.id, carts_since(shop.id, datetime(2000, 1, 1, tzinfo=UTC)))
    told = rehearse(shop, Script(plan, deliveries, first, None), quiet).lines

    def keys(lines):
        return [
            (line["cart"], line["contact"], line["step"], line["outcome"], line["reason"])
            for line in lines
        ]

    ours = keys([{name: getattr(line, name) for name in line.__slots__} for line in told])
    assert ours == keys(simulated)


def test_replay_counts_messages_people_and_cost_and_touches_nothing():
    shop = make_shop()
    happened(
        shop,
        left("old", "old@people.test", NOW - timedelta(days=60)),
        left("t1", "ada@people.test", NOW - timedelta(days=20)),
        left("t2", "ben@people.test", NOW - timedelta(days=10)),
        bought("o1", "ben@people.test", NOW - timedelta(days=8)),
        left("t3", "cleo@people.test", NOW - timedelta(hours=2)),
    )
    before = everything_stored()
    found = asking.replay(
        shop=shop,
        plan=plan_of(STEPS, shop),
        days=30,
        prices={"email": Decimal("0.001")},
        now=NOW,
        tick=quiet,
    )
    # Ada both, Ben the first (he bought a day before the second), Cleo's day is not over.
    assert found.sent == {"email": 3}
    assert found.people == 2
    assert found.cost == {"email": Decimal("0.003")}
    assert found.outcomes == {"sent": {"due": 3}, "cancelled": {"ordered": 1}}
    assert everything_stored() == before
    assert Decision.objects.filter(shop=shop).count() == 0


def test_what_it_would_cost_is_told_by_the_price_lists_of_the_shop_s_accounts(tmp_path):
    """A text of one part to Italy at 7 cents and to Germany at 9; a letter of a page at 5 cents and its stamp."""
    shop = make_shop(address="Via Po 2, 10121 Torino")
    accounts = Accounts(PROVIDERS)
    for name, given in (
        ("http_gateway", {"url": "https://gateway.example", "part_cost": "0.07 DE=0.09"}),
        ("print_folder", {"folder": str(tmp_path), "page_cost": "0.05", "postage": "0.95"}),
    ):
        accounts.add(shop_id=shop.id, provider_name=name, name=name, given=given, now=NOW)
    lines = {"lines": ["Via Roma 1"], "postal_code": "10121", "city": "Torino", "region": "TO"}
    address = {"name": "Ada Rossi", **lines, "country": "IT"}
    yes = {"sms": "granted", "letter": "granted"}
    for token, phone in (("t1", "+393331234567"), ("t2", "+4915112345678")):
        who = {"email": f"{token}@people.test", "phone": phone, "address": address, "consent": yes}
        happened(shop, left(token, "", NOW - timedelta(days=9), contact=who))
    steps = STEPS[: STEPS.index("steps:")] + (
        "steps:\n"
        "  - {id: first, after: 0h, send: [sms], template: reminder}\n"
        "  - {id: second, after: 2d, send: [letter], template: reminder}\n"
    )
    plan = plan_of(steps, shop)
    before = everything_stored()
    found = asking.replay(shop=shop, plan=plan, days=30, prices={}, now=NOW, tick=quiet)
    assert found.sent == {"letter": 2, "sms": 2}
    assert found.cost == {"letter": Decimal("2.00"), "sms": Decimal("0.16")}
    by_hand = {"letter": Decimal("1.10")}
    found = asking.replay(shop=shop, plan=plan, days=30, prices=by_hand, now=NOW, tick=quiet)
    assert found.cost == {"letter": Decimal("2.20"), "sms": Decimal("0.16")}
    assert everything_stored() == before
    assert list(tmp_path.iterdir()) == []


def test_a_text_has_the_parts_it_would_have_with_the_links_that_leave(monkeypatch):
    head = Letterhead("https://ripresa.test", "secret", short_url="https://go.test")
    monkeypatch.setattr(rehearsal, "own_letterhead", lambda: head)
    shop = make_shop()
    given = {"url": "https://gateway.example", "part_cost": "0.07"}
    accounts = Accounts(PROVIDERS)
    accounts.add(shop_id=shop.id, provider_name="http_gateway", name="sms", given=given, now=NOW)
    who = {"who": "ada@wines.test", "now": NOW}
    text = own_templates.begin(shop=shop, name="ours", preset="reminder", **who)
    words = f"{'a' * 125} {{{{ links.restore }}}}"
    edit_template.say(template=text, language="en", slot="sms", text=words, **who)
    seen = {"email": "t1@people.test", "phone": "+393331234567", "consent": {"sms": "granted"}}
    happened(shop, left("t1", "", NOW - timedelta(days=9), contact=seen))
    step = "steps:\n  - {id: first, after: 0h, send: [sms], template: ours}\n"
    plan = plan_of(STEPS[: STEPS.index("steps:")] + step, shop)
    found = asking.replay(shop=shop, plan=plan, days=30, prices={}, now=NOW, tick=quiet)
    assert (found.sent, found.cost) == ({"sms": 1}, {"sms": Decimal("0.07")})


def test_trying_a_cart_tells_what_would_come_if_she_never_came_back():
    shop = make_shop()
    left_at = NOW - timedelta(hours=2)
    happened(shop, left("t1", "ada@people.test", left_at))
    cart = Cart.objects.get(shop=shop)
    lines = asking.try_cart(shop=shop, plan=plan_of(STEPS, shop), cart_id=cart.id, tick=quiet)
    assert [(line.step, line.outcome, line.at, line.to) for line in lines] == [
        ("first", "sent", left_at + timedelta(days=1), "ada@people.test"),
        ("second", "sent", left_at + timedelta(days=3), "ada@people.test"),
    ]
    assert all("Ada" not in (line.subject or "") and line.subject for line in lines)


def test_trying_a_cart_that_was_bought_tells_what_would_have_come_without_the_order():
    shop = make_shop()
    left_at = NOW - timedelta(days=5)
    happened(shop, left("t1", "ada@people.test", left_at), bought("o1", "ada@people.test", NOW))
    cart = Cart.objects.get(shop=shop)
    lines = asking.try_cart(shop=shop, plan=plan_of(STEPS, shop), cart_id=cart.id, tick=quiet)
    assert [line.outcome for line in lines] == ["sent", "sent"]


def test_a_cart_with_nobody_behind_it_says_so():
    shop = make_shop()
    event = left("t1", "ada@people.test", NOW - timedelta(hours=2))
    del event["contact"]
    happened(shop, event)
    with pytest.raises(asking.NobodyThere):
        asking.try_cart(
            shop=shop,
            plan=plan_of(STEPS, shop),
            cart_id=Cart.objects.get(shop=shop).id,
            tick=quiet,
        )


def test_a_made_up_cart_can_be_tried_in_an_empty_shop():
    shop = make_shop()
    before = everything_stored()
    sample = Sample(Decimal("120.00"), "EUR", "en", "IT")
    lines = asking.try_sample(
        shop=shop, plan=plan_of(STEPS, shop), sample=sample, now=NOW, tick=quiet
    )
    assert [(line.step, line.outcome) for line in lines] == [("first", "sent"), ("second", "sent")]
    assert everything_stored() == before


def test_a_made_up_cart_is_of_the_kind_that_the_scenario_takes_up():
    shop = make_shop()
    plan = plan_of(STEPS.replace("on: cart", "on: checkout"), shop)
    sample = Sample(Decimal("120.00"), "EUR", "en", "IT")
    lines = asking.try_sample(shop=shop, plan=plan, sample=sample, now=NOW, tick=quiet)
    assert [(line.step, line.outcome) for line in lines] == [("first", "sent"), ("second", "sent")]


def test_a_yes_that_was_said_on_a_page_can_be_replayed():
    shop = make_shop()
    happened(shop, left("t1", "ada@people.test", NOW - timedelta(days=20)), trusted=False)
    assert ConsentClaim.objects.get(shop=shop).state == "pending"
    plan = plan_of(STEPS, shop)
    found = asking.replay(shop=shop, plan=plan, days=30, prices={}, now=NOW, tick=quiet)
    # Where it need not be confirmed it counts.
    assert found.outcomes == {"sent": {"due": 2}}


def test_more_days_than_are_kept_are_refused():
    shop = make_shop()
    with pytest.raises(ValueError, match="90"):
        asking.replay(shop=shop, plan=plan_of(STEPS, shop), days=91, prices={}, now=NOW, tick=quiet)


def test_the_shops_own_due_work_is_left_alone_meanwhile():
    shop = make_shop()
    happened(shop, left("t1", "ada@people.test", NOW - timedelta(days=2)))
    other = Shop.objects.create(slug="other", name="Other", created_at=NOW)
    arrive(other, [left("t9", "dan@people.test", NOW - timedelta(days=2))])
    before = everything_stored()
    asking.replay(shop=shop, plan=plan_of(STEPS, shop), days=30, prices={}, now=NOW, tick=quiet)
    assert everything_stored() == before


def test_segments_and_pools_are_those_of_the_shop_and_no_code_is_used_up():
    shop = make_shop()
    text = "name: Italians\nwhen: {country: {eq: IT}}\n"
    segment = parse_segment(text, file_name="segment.yaml", currency="EUR")
    segments.save(shop_id=shop.id, segment=segment, text=text, now=NOW)
    pool = create_pool(shop_id=shop.id, name="back", now=NOW)
    for number in range(2):
        CouponCode.objects.create(shop=shop, id=new_id(NOW), pool_id=pool.id, code=f"BACK{number}")
    at = NOW - timedelta(days=10)
    address = {"country": "IT", "lines": ["Via Roma 1"]}
    happened(
        shop,
        *(
            left(
                f"t{number}",
                f"p{number}@people.test",
                at,
                contact={
                    "email": f"p{number}@people.test",
                    "consent": {"email": "granted"},
                    **({"address": address} if number else {}),
                },
            )
            for number in range(4)
        ),
    )
    before = everything_stored()
    found = asking.replay(
        shop=shop,
        plan=plan_of(
            STEPS.replace("legal_basis", "audience: {segment: Italians}\nlegal_basis").replace(
                "template: reminder}", "template: reminder, coupon: {pool: back}}"
            ),
            shop,
        ),
        days=30,
        prices={},
        now=NOW,
        tick=quiet,
    )
    assert found.outcomes["skipped"]["audience"] == 1
    assert found.coupons == 2
    assert everything_stored() == before
