"""Which way of a scenario's test does better, and what a coupon really bought (RPT-5)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.core.money import Money
from ripresa.domain.attribution.rolling import settings_of
from ripresa.domain.scenarios.models import ArmAssignment, Scenario
from ripresa.domain.scenarios.plan import WHOLE_SHARE, Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.shops.models import Shop
from ripresa.usecases.analysis.judge_arms import Outcome, judge_arms
from ripresa.usecases.analysis.judge_holdout import TooFew
from ripresa.usecases.reporting.figures import part_of
from ripresa.usecases.reporting.lift_of_scenario import (
    OUTCOME_WINDOW,
    Lack,
    NotYet,
    bounds_of,
    cells_of,
    weeks_more,
    whole_cells,
    why_not_yet,
)

run = partial(query.run, "ripresa.domain.attribution")


class NoTest(NotYet):
    """Nothing can be told of this test yet."""


class _Drawn(NamedTuple):
    arm: str
    assigned_at: datetime
    version_id: UUID | None
    orders: int
    minor: int
    coupon_orders: int
    coupon_minor: int
    messages: int
    cost_minor: int


def list_tests(scenario: Scenario) -> list[str]:
    """The tests of a scenario by name: the one in force first, then those that are over."""
    present = plan_of(scenario.shop_id, scenario.version_id).test
    drawn = ArmAssignment.objects.filter(shop_id=scenario.shop_id, scenario_id=scenario.id)
    names = [] if present is None else [present.name]
    return names + sorted(set(drawn.values_list("test", flat=True).distinct()) - set(names))


def judge_test(
    *, scenario: Scenario, test: str = "", now: datetime, outcome: timedelta = OUTCOME_WINDOW
) -> dict[str, Any]:
    """The verdict on a test of a scenario (empty: that in force), ready for JSON. Raises NoTest.

    Everyone counts in the arm she was drawn into, with her orders in the shop's currency for `outcome` from
    then on; who was drawn later than that is not counted yet.
    """
    shop = Shop.objects.get(id=scenario.shop_id)
    name = test or next(iter(list_tests(scenario)), "")
    if not name:
        raise NoTest(f"{scenario.name!r} tries nothing out: give it a `test`", Lack.HOLDOUT)
    drawn = _drawn(scenario, shop, name, now - outcome, outcome)
    plan = _plan_with(scenario, name, drawn)
    arms = _arms(plan, drawn)
    if not drawn:
        watched = [one.assigned_at for one in _drawn(scenario, shop, name, now, outcome)]
        raise NoTest(*why_not_yet(f"the test {name!r}", watched, outcome))
    margin = settings_of(shop.id).margin
    people = {arm: [_outcome(one, shop.currency, margin) for one in arms[arm]] for arm in arms}
    try:
        told = judge_arms(people, _shares(shop.id, name, drawn, arms))
    except TooFew as few:
        raise NoTest(f"not enough data yet: {few}", Lack.PEOPLE, len(drawn)) from None
    told["arms"] = [{**one, **_sums(arms[one["arm"]], shop.currency)} for one in told["arms"]]
    for one in told["differences"]:
        one["coupon"] = _bought(arms[one["arm"]], one, shop.currency)
        both = [each.assigned_at for arm in (one["arm"], told["against"]) for each in arms[arm]]
        one["weeks_more"] = weeks_more(both, one["people_needed"], now - outcome)
    return {
        "scenario": scenario.name,
        "test": name,
        "currency": shop.currency,
        "outcome_days": outcome / timedelta(days=1),
        "drawn_from": drawn[0].assigned_at.isoformat(),
        "drawn_until": drawn[-1].assigned_at.isoformat(),
        **told,
    }


def _drawn(
    scenario: Scenario, shop: Shop, test: str, until: datetime, outcome: timedelta
) -> list[_Drawn]:
    rows = run(
        "people_in_arms",
        shop_id=shop.id,
        scenario_id=scenario.id,
        test=test,
        outcome=outcome,
        currency=shop.currency,
        until=until,
    )
    return [_Drawn(*row) for row in rows]


def _plan_with(scenario: Scenario, test: str, drawn: list[_Drawn]) -> Plan | None:
    """The plan that has the test: the present one, else that of the latest who was drawn for it."""
    versions = [scenario.version_id, *(one.version_id for one in reversed(drawn))]
    for version_id in dict.fromkeys(versions):
        if version_id is not None:
            plan = plan_of(scenario.shop_id, version_id)
            if plan.test is not None and plan.test.name == test:
                return plan
    return None


def _arms(plan: Plan | None, drawn: list[_Drawn]) -> dict[str, list[_Drawn]]:
    """People by arm, in the order of the file; then arms that it has no more."""
    arms: dict[str, list[_Drawn]] = {}
    if plan is not None and plan.test is not None:
        arms = {arm.name: [] for arm in plan.test.arms}
    for one in drawn:
        arms.setdefault(one.arm, []).append(one)
    return arms


def _outcome(one: _Drawn, currency: str, margin: int | None) -> Outcome:
    before = one.minor + one.coupon_minor
    earned = before if margin is None else part_of(before, margin)
    minor = (one.minor, before, earned - one.coupon_minor - one.cost_minor)
    return Outcome(one.orders > 0, *(float(Money(each, currency).decimal()) for each in minor))


def _shares(
    shop_id: int, test: str, drawn: list[_Drawn], arms: dict[str, list[_Drawn]]
) -> dict[str, float]:
    """The share that each arm was to have, over all who were drawn: shares may have changed meanwhile."""
    wanted: defaultdict[str, float] = defaultdict(float)
    for one in drawn:
        split = None if one.version_id is None else plan_of(shop_id, one.version_id).test
        if split is None or split.name != test or one.arm not in {arm.name for arm in split.arms}:
            wanted[one.arm] += 1  # taken up on an older version, whose shares are not looked for
            continue
        for arm in split.arms:
            wanted[arm.name] += arm.share / WHOLE_SHARE
    return {arm: wanted[arm] / len(drawn) for arm in arms}


def _sums(people: list[_Drawn], currency: str) -> dict[str, Any]:
    """What an arm sold and what that took, in major units."""
    return {
        "orders": sum(one.orders for one in people),
        "revenue": _text(sum(one.minor for one in people), currency),
        "coupon_orders": sum(one.coupon_orders for one in people),
        "coupon_cost": _text(sum(one.coupon_minor for one in people), currency),
        "messages": sum(one.messages for one in people),
        "message_cost": _text(sum(one.cost_minor for one in people), currency),
    }


def _bought(people: list[_Drawn], told: dict[str, Any], currency: str) -> dict[str, Any] | None:
    """What the coupons of an arm really bought: sales beyond the first arm's, against what they took off.

    None where none was used.
    """
    cost = sum(one.coupon_minor for one in people)
    if not cost:
        return None
    number = len(people)
    sales, profit = told["before_discount_per_person"], told["profit_per_person"]
    return {
        "cost": _text(cost, currency),
        "extra_sales": sales["difference"] * number,
        "left_over": profit["difference"] * number,
        "interval": _times(profit["interval"], number),
        "always_valid": {
            "extra_sales": _times(sales["always_valid"]["interval"], number),
            "left_over": _times(profit["always_valid"]["interval"], number),
        },
    }


def _times(bounds: Sequence[float] | None, people: int) -> list[float] | None:
    return None if bounds is None else [bound * people for bound in bounds]


def _text(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).decimal():f}"


def csv_of_test(told: dict[str, Any]) -> Iterator[list[str]]:
    """The verdict as lines, one for each arm, the header first."""
    means = ("conversion", "revenue_per_person", "profit_per_person")
    sums = ("orders", "revenue", "coupon_orders", "coupon_cost", "messages", "message_cost")
    yield [
        "test", "arm", "currency", "people", "buyers", *sums,
        *(f"{name}{end}" for name in means for end in ("", "_from", "_to")),
        *(f"{name}_more{end}" for name in means for end in ("", "_from", "_to")), "verdict",
        "people_needed", "weeks_more",
    ]  # fmt: skip
    differences = {one["arm"]: one for one in told["differences"]}
    for arm in told["arms"]:
        other = differences.get(arm["arm"])
        yield [
            told["test"], arm["arm"], told["currency"], str(arm["people"]), str(arm["buyers"]),
            *(str(arm[name]) for name in sums),
            *cells_of([arm[name][key] for name in means for key in ("estimate", "lower", "upper")]),
            *(cell for name in means for cell in _more(other, name)),
            *_verdict(other),
        ]  # fmt: skip


def _more(other: dict[str, Any] | None, name: str) -> list[str]:
    if other is None:
        return ["", "", ""]
    bounds = bounds_of(other[name]["always_valid"]["interval"])
    return cells_of((other[name]["difference"], *bounds))


def _verdict(other: dict[str, Any] | None) -> list[str]:
    if other is None:
        return ["", "", ""]
    return [other["verdict"], *whole_cells(other["people_needed"], other["weeks_more"])]
