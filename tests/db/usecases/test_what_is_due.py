"""Which shops have something due, and what a poll costs that finds nothing."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from ripresa.core.sql import statement
from ripresa.domain.carts.models import Cart
from ripresa.domain.scenarios.queries import trail_of_cart
from ripresa.usecases import due_shops as finding
from ripresa.usecases.due_shops import Due, due_shops
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.send_messages import LEASE
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.usecases.engine_world import DAY, HOUR, LETTERHEAD, T0, make_world
from tests.rounds import run_due

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"


def found(now):
    return {kind: due_shops(kind, now) for kind in Due}


@pytest.mark.parametrize("probe", [1000, 1])
def test_each_kind_of_due_row_names_its_shops_and_no_other(monkeypatch, probe):
    """With a probe of one row, the way for the time after an outage is taken."""
    monkeypatch.setattr(finding, "PROBE", probe)
    worlds = [make_world() for _ in range(3)]
    for world in worlds:
        world.scenario(steps=ONE)
    idle, *busy = worlds
    for world in busy:
        world.cart(world.contact())
        world.cart(world.contact("ben"))
    shops = [world.shop_id for world in busy]
    nothing: dict[Due, list[int]] = {kind: [] for kind in Due}
    assert found(T0 + HOUR - timedelta(microseconds=1)) == nothing
    assert found(T0 + HOUR) == nothing | {Due.CARTS: shops}
    for world in busy:
        world.run(T0 + HOUR)
    assert found(T0 + DAY) == nothing | {Due.RECOVERIES: shops}
    for shop_id in shops:
        take_up_recoveries(shop_id=shop_id, now=T0 + DAY)
    assert found(T0 + DAY - HOUR) == nothing
    assert found(T0 + DAY) == nothing | {Due.MESSAGES: shops}
    for shop_id in shops:
        hand_over(shop_id=shop_id, now=T0 + DAY, room=10, lease=LEASE)
    assert found(T0 + DAY + LEASE) == nothing
    assert found(T0 + DAY + 2 * LEASE) == nothing | {Due.LEASES: shops}
    assert idle.shop_id not in shops


def test_one_round_does_a_share_of_every_shop():
    worlds = [make_world() for _ in range(3)]
    for world in worlds:
        world.scenario(steps=ONE)
        world.cart(world.contact())
        world.run_until(T0 + DAY - HOUR)
    channel, channels = worlds[0].channel, worlds[0].channels
    done = run_due(now=T0 + DAY, channels=channels, letterhead=LETTERHEAD)
    assert done == 6  # three taken up, three sent
    assert len(channel.mails) == 3
    assert run_due(now=T0 + DAY, channels=channels, letterhead=LETTERHEAD) == 0


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("ripresa.domain.carts", "shops_with_due_carts"),
        ("ripresa.domain.scenarios", "oldest_due_recoveries"),
        ("ripresa.domain.messages", "oldest_due_messages"),
        ("ripresa.domain.messages", "shops_with_expired_leases"),
    ],
)
def test_idle_carts_cost_a_poll_nothing(package, name):
    """The noise-free twin of the benchmark: buffers touched with 200 and with 20,000 idle carts."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cart CASCADE")  # with what other tests left dead in its indexes
    world = make_world()
    few = _buffers(world, 200, package, name)
    many = _buffers(world, 20_000, package, name)
    # Three descents of an index, each at most one level deeper.
    assert many <= few + 3


def test_idle_carts_cost_what_is_due_nothing():
    """Many idle carts without a person, some people with a due one: only those are read."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cart CASCADE")
        world = make_world()
        people = [world.contact(f"p{number}") for number in range(200)]
        for person in people:
            world.cart(person)
        values = {"shop_id": world.shop_id, "now": T0 + HOUR, "limit": 500}
        found = []
        for idle in (200, 40_000):
            _lay(cursor, world, idle)
            query = statement("ripresa.domain.carts", "lock_people_of_due_carts")
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", values)
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", values)
            found.append(_blocks(cursor))
    few, many = found
    assert many <= few + len(people)  # an index a level deeper, at most, for each of them


def _buffers(world, count, package, name):
    with connection.cursor() as cursor:
        _lay(cursor, world, count)
        cursor.execute("SET LOCAL enable_seqscan = off")  # a small table may be read as a whole
        values = {"now": T0, "most": finding.PROBE}
        query = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement(package, name)}"
        cursor.execute(query, values)
        cursor.execute(query, values)
        return _blocks(cursor)


def _lay(cursor, world, count):
    cursor.execute(
        "INSERT INTO cart (shop_id, id, source, token, generation, known_by, state, kind, currency,"
        " total_minor, item_count, items, is_bot, is_test, begun_at, left_at, newest_at,"
        " newest_event, due_at) SELECT %s, gen_random_uuid(), 'idle', gen_random_uuid()::text, 1,"
        " 'nobody', 'open', 'cart', 'EUR', 1, 1, '[]', false, false, %s, %s, %s, 'e',"
        " %s + n * interval '1 s' FROM generate_series(1, %s) AS n",
        [world.shop_id, T0, T0, T0, T0 + DAY, count],
    )
    cursor.execute("ANALYZE")


def _blocks(cursor):
    plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]


def test_the_trail_of_a_cart_tells_all_of_its_recoveries_in_order():
    world = make_world()
    world.scenario(more="quiet_hours: {email: {from: '09:00', until: '16:00'}}")
    cart = world.cart(world.contact())
    world.cart(world.contact("ben"))
    world.run_until(T0 + 20 * DAY)
    trail = trail_of_cart(world.shop_id, cart.id)
    assert [(line.recovery, line.step, line.outcome, line.reason) for line in trail] == [
        (1, "first", "held", "quiet_hours"),
        (1, "first", "sent", "due"),
        (1, "second", "held", "quiet_hours"),
        (1, "second", "sent", "due"),
        (1, "third", "held", "quiet_hours"),
        (1, "third", "sent", "due"),
    ]
    assert trail[0].facts == {"until": (T0 + 40 * HOUR).isoformat()}
    assert (trail[1].scenario, trail[1].branch) == ("Left", "everyone")
    assert (trail[1].to_address, trail[1].subject) == (
        "ada@example.test",
        world.channel.mails[0].subject,
    )
    assert trail_of_cart(world.shop_id + 1, cart.id) == []
    assert Cart.objects.filter(shop_id=world.shop_id).count() == 2
