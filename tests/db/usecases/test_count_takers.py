"""Before a plan goes live its writer sees how many of the latest carts each branch takes (issue 6)."""

from collections import Counter

import pytest

from ripresa.contracts.reasons import Reason
from ripresa.domain.carts.models import Cart
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases.scenarios import count_takers
from ripresa.usecases.scenarios.publish_scenario import check_scenario
from tests.db.usecases.engine_world import DAY, HOUR, make_world

pytestmark = pytest.mark.django_db
STEP = "{id: %s, after: 0h, send: [email], template: reminder%s}"
ONLY_IF = ", only_if: {country: RO}"
TEXT = f"""\
version: 1
name: Left
audience: {{customers: new}}
branches:
  - {{name: small, when: {{cart_value: {{lt: "50.00"}}}}, steps: [{STEP % ("a", "")}, {STEP % ("b", ONLY_IF)}]}}
  - {{name: new, when: {{customer: new, cart_value: {{lt: "500.00"}}}}, steps: [{STEP % ("c", "")}]}}
"""


def test_it_counts_what_the_engine_then_does(monkeypatch):
    world = make_world()
    world.scenario(text=TEXT)
    romanian = world.contact("ada", address={"country": "RO"})
    people = [romanian, *map(world.contact, ("ben", "cleo", "dora", "emil", "old"))]
    worth = [(2_000, "EUR"), (3_000, "EUR"), (9_000, "EUR"), (90_000, "EUR"), (100, "RON")]
    for person, (minor, currency) in zip(people, [*worth, (100, "EUR")], strict=True):
        cart = world.cart(person)
        Cart.objects.filter(id=cart.id).update(total_minor=minor, currency=currency)
    world.order(people[-1], placed_at=world.now - DAY)  # not of the audience
    world.run(world.now + 25 * HOUR)
    decided = Counter(Recovery.objects.values_list("branch", "reason"))
    # Who bought afterwards was new when her cart was taken up.
    world.order(people[2], placed_at=world.now)

    def count(**asked):
        plan = check_scenario(TEXT, file_name="x")
        now = world.now + HOUR
        return count_takers.count_takers(shop_id=world.shop_id, plan=plan, now=now, **asked)

    found = count()
    assert (found.left, found.are_more, found.fits, found.sent) == (6, False, 5, None)
    assert found.by_branch == {"small": 2, "new": 1}
    assert found.untaken == {Reason.NO_BRANCH: 1, Reason.CURRENCY_MISMATCH: 1}
    assert decided == {
        ("small", None): 2, ("new", None): 1, (None, "no_branch"): 1, (None, "currency_mismatch"): 1,
        (None, "audience"): 1,
    }  # fmt: skip
    assert [count(step_id=step).sent for step in ("a", "b", "c")] == [2, 1, 1]
    monkeypatch.setattr(count_takers, "MOST", 4)
    assert (count().left, count().are_more) == (4, True)
