"""Stage 5: decide due steps, against a bare loop that claims due rows and writes an outbox.

Workload: steps due at once to as many people, of which one in eight must not go out now: no consent,
suppressed, a recent order, too soon after another step, quiet hours at the recipient's place, bought
meanwhile. A step is decided when it is claimed for sending, held, skipped or cancelled, with its decision
stored. Both sides are one process with one transaction at a time and as many rows in each. Slices take
turns; the figure is the median ratio.
"""

import statistics
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

SLICES = 7
STEPS = 4_800  # a slice
IDLE = (10_000, 1_000_000)
POLLS = 200
START = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LEASE = timedelta(minutes=10)

SCENARIO = """\
version: 1
name: Left in the cart
legal_basis: consent
limits: {not_more_often_than: 24h, not_after_order: 7d, max_messages_per_30d: 8}
quiet_hours: {email: {from: "07:00", until: "22:00"}}
sender: {name: Bench, email: bench@shop.test}
steps:
  - {id: first, after: 0h, send: [email], template: reminder}
"""
# Of 48 people, what stands against writing to these six.
_AGAINST = {
    1: "no_consent", 9: "suppressed", 17: "recent_order", 25: "cap", 33: "quiet_hours", 41: "ordered",
}  # fmt: skip

_BARE_TABLES = """
CREATE TABLE bench_due (
    shop_id bigint, id uuid, due_at timestamptz, state text DEFAULT 'planned', lease_until timestamptz,
    PRIMARY KEY (shop_id, id));
CREATE INDEX bench_due_at ON bench_due (shop_id, due_at) WHERE state = 'planned';
CREATE TABLE bench_outbox (shop_id bigint, id uuid, step_id uuid, at timestamptz, PRIMARY KEY (shop_id, id));
"""
_BARE = """
WITH claimed AS (
    UPDATE bench_due SET state = 'sending', lease_until = %(now)s
     WHERE shop_id = 1 AND id IN (SELECT id FROM bench_due
                                   WHERE shop_id = 1 AND state = 'planned' AND due_at <= %(now)s
                                   ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
 RETURNING id
)
INSERT INTO bench_outbox SELECT 1, gen_random_uuid(), id, %(now)s FROM claimed
"""


def run(stage: int) -> dict:
    """Measure stage 5 on a throw-away database."""
    from bench.frame import shop_database

    with shop_database() as shop_id:
        return {"stage": stage, **_measure(shop_id)}


def _measure(shop_id: int) -> dict:
    from django.db import connection

    from ripresa.usecases.scenarios import activate_scenario
    from ripresa.usecases.scenarios.publish_scenario import publish_scenario

    with connection.cursor() as cursor:
        cursor.execute(_BARE_TABLES)
    published = publish_scenario(shop_id=shop_id, text=SCENARIO, file_name="bench", now=START)
    activate_scenario.activate(shop_id=shop_id, scenario_id=published.scenario_id, now=START)
    people = People(shop_id)
    ours, limits, taken = [], [], []
    for number in range(SLICES + 1):
        now = START + (number + 2) * DAY
        people.leave(STEPS, now)
        took = _timed(lambda now=now: _take_up(shop_id, now))
        people.stand_against(now)
        _fill_bare(now)
        _settle_down()
        limit = STEPS / _timed(lambda now=now: _bare(now))
        mine = STEPS / _timed(lambda now=now: _decide(shop_id, now))
        _park_held()
        if number:  # the first slice warms up
            ours.append(mine)
            limits.append(limit)
            taken.append(STEPS / took)
    ratios = [mine / limit for mine, limit in zip(ours, limits, strict=True)]
    truth = _truth(shop_id, people)
    return {
        "workload": "plan: consent, suppression, caps, quiet hours, stop on purchase",
        "ours_per_second": round(statistics.median(ours)),
        "limit": "bare claim-to-outbox loop",
        "limit_per_second": round(statistics.median(limits)),
        "ratio": round(statistics.median(ratios), 3),
        "spread": round((max(ratios) - min(ratios)) / statistics.median(ratios), 2),
        "goal": 0.25,
        "truth": truth,
        "abandoned_and_taken_up_per_second": round(statistics.median(taken)),
        "empty_poll_ms": _polls(shop_id),
    }


class People:
    """Makes people, a cart each, and what stands against writing to some of them."""

    def __init__(self, shop_id: int) -> None:
        self.shop_id = shop_id
        self.expected: Counter[str] = Counter()
        self.latest: list[tuple[UUID, UUID, str]] = []
        self.number = 0

    def leave(self, count: int, now: datetime, *, state: str = "open") -> None:
        """`count` people leave a cart a day before `now`."""
        from ripresa.core.ids import new_id
        from ripresa.domain.carts.models import Cart
        from ripresa.domain.contacts.models import Contact, ContactKey

        left = now - DAY
        people, keys, carts = [], [], []
        for _ in range(count):
            self.number += 1
            kind = _AGAINST.get(self.number % 48, "due")
            person, email = new_id(left), f"p{self.number}@people.test"
            people.append(
                Contact(
                    shop_id=self.shop_id,
                    id=person,
                    email=email,
                    consent_email="unknown" if kind == "no_consent" else "granted",
                    timezone="Pacific/Auckland" if kind == "quiet_hours" else "Europe/Rome",
                    reachable_at=left,
                    created_at=left,
                )
            )
            keys.append(ContactKey(shop_id=self.shop_id, key=f"email:{email}", contact_id=person))
            carts.append(
                Cart(
                    shop_id=self.shop_id,
                    id=new_id(left),
                    source="shop",
                    token=f"t{self.number}",
                    generation=1,
                    contact_id=person,
                    state=state,
                    kind="cart",
                    currency="EUR",
                    total_minor=2990,
                    item_count=1,
                    items=[],
                    is_bot=False,
                    is_test=False,
                    begun_at=left,
                    left_at=left,
                    newest_at=left,
                    newest_event="e",
                    reachable_at=left,
                    due_at=left + timedelta(hours=1),
                )
            )
        Contact.objects.bulk_create(people, batch_size=2000)
        ContactKey.objects.bulk_create(keys, batch_size=2000)
        Cart.objects.bulk_create(carts, batch_size=2000)
        self.latest = [
            (person.id, cart.id, _AGAINST.get(int(cart.token[1:]) % 48, "due"))
            for person, cart in zip(people, carts, strict=True)
        ]

    def stand_against(self, now: datetime) -> None:
        """Orders, bounces and other steps, as the tables have them when the messages fall due."""
        from ripresa.core.ids import new_id
        from ripresa.domain.carts.models import Cart, Order
        from ripresa.domain.contacts.models import Contact, Suppression
        from ripresa.domain.messages.models import Message

        of = {kind: [one for one in self.latest if one[2] == kind] for kind in _AGAINST.values()}
        emails = dict(
            Contact.objects.filter(
                shop_id=self.shop_id, id__in=[person for person, *_ in of["suppressed"]]
            ).values_list("id", "email")
        )
        Suppression.objects.bulk_create(
            Suppression(
                shop_id=self.shop_id, id=new_id(now), channel="email", address=email,
                cause="hard_bounce", created_at=now,
            )
            for email in emails.values()
        )  # fmt: skip
        Order.objects.bulk_create(
            Order(
                shop_id=self.shop_id, id=new_id(now), source="shop", external_id=str(cart),
                contact_id=person, currency="EUR", total_minor=100, placed_at=now - 2 * DAY,
            )
            for person, cart, _ in of["recent_order"]
        )  # fmt: skip
        Message.objects.bulk_create(
            Message(
                shop_id=self.shop_id, id=new_id(now), origin_kind="manual", origin_id=uuid4(),
                step="hello", step_number=1, channel="email", contact_id=person, cart_id=cart,
                template="reminder", state="sent", planned_for=now - DAY / 2,
                handed_over_at=now - DAY / 2, departed_at=now - DAY / 2, settled_at=now - DAY / 2,
            )
            for person, cart, _ in of["cap"]
        )  # fmt: skip
        Cart.objects.filter(
            shop_id=self.shop_id, id__in=[cart for _, cart, _ in of["ordered"]]
        ).update(state="recovered", due_at=None)
        self.expected.update(kind for *_, kind in self.latest)


def _take_up(shop_id: int, now: datetime) -> None:
    from ripresa.usecases.advance_carts import advance_carts
    from ripresa.usecases.take_up_recoveries import take_up_recoveries

    while advance_carts(shop_id=shop_id, now=now):
        pass
    while take_up_recoveries(shop_id=shop_id, now=now):
        pass


def _decide(shop_id: int, now: datetime) -> None:
    from ripresa.usecases.hand_over import hand_over
    from ripresa.usecases.send_messages import MOST_AHEAD

    while hand_over(shop_id=shop_id, now=now, room=MOST_AHEAD, lease=LEASE).decided:
        pass


def _park_held() -> None:
    """What is held must not fall due in the next slice."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE message SET due_at = '2040-01-01' WHERE state = 'planned'")


def _fill_bare(now: datetime) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_due SELECT 1, gen_random_uuid(), %s FROM generate_series(1, %s)",
            [now, STEPS],
        )


def _settle_down() -> None:
    """What autovacuum does in the background of a longer run."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _bare(now: datetime) -> None:
    from django.db import connection

    from ripresa.usecases.send_messages import MOST_AHEAD

    with connection.cursor() as cursor:
        while True:
            cursor.execute(_BARE, {"now": now, "limit": MOST_AHEAD})
            if not cursor.rowcount:
                return


def _polls(shop_id: int) -> dict[str, float]:
    """Milliseconds of a poll that finds nothing, with few and with many idle carts."""
    from django.db import connection

    from ripresa.domain.carts.models import Cart
    from ripresa.usecases.due_shops import Due, due_shops

    now = START
    Cart.objects.filter(shop_id=shop_id).update(due_at=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message SET state = 'cancelled', due_at = NULL WHERE state = 'planned'"
        )
    found, there = {}, 0
    for count in IDLE:
        with connection.cursor() as cursor:
            cursor.execute(_IDLE_CARTS, {"shop": shop_id, "first": there, "last": count})
            cursor.execute("VACUUM ANALYZE cart")
        there = count
        times = []
        for _ in range(POLLS):
            began = time.perf_counter()
            for kind in Due:
                assert due_shops(kind, now) == []
            times.append(time.perf_counter() - began)
        found[f"{count} idle carts"] = round(statistics.median(times) * 1000, 2)
    return found


_IDLE_CARTS = """
INSERT INTO cart (shop_id, id, source, token, generation, known_by, state, kind, currency, total_minor,
                  item_count, items, is_bot, is_test, begun_at, left_at, newest_at, newest_event, due_at)
SELECT %(shop)s, gen_random_uuid(), 'idle', 'i' || n, 1, 'nobody', 'open', 'cart', 'EUR', 1,
       1, '[]', false, false, now(), now(), now(), 'e', timestamptz '2030-01-01' + n * interval '1 s'
  FROM generate_series(%(first)s + 1, %(last)s) AS n
"""


def _timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _truth(shop_id: int, people: People) -> str:
    """Each person got exactly the decision that her facts ask for, and nobody was decided on twice."""
    from ripresa.domain.messages.models import Decision, Message

    found = Counter(
        Decision.objects.filter(shop_id=shop_id, step="first").values_list("reason", flat=True)
    )
    found["due"] = Message.objects.filter(shop_id=shop_id, step="first", state="sending").count()
    if found != people.expected:
        return f"failed: expected {dict(people.expected)}, found {dict(found)}"
    return "ok"
