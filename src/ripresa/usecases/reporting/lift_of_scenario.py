"""What a scenario brought beyond what would have come anyway: its hold-out, judged (RPT-5)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import Any, NamedTuple

from ripresa.core import query
from ripresa.core.money import Money
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.scenarios.plan import WHOLE_SHARE
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.shops.models import Shop
from ripresa.usecases.analysis.judge_holdout import Person, TooFew, judge

OUTCOME_WINDOW = timedelta(days=28)
_WEEK = timedelta(days=7)

run = partial(query.run, "ripresa.domain.attribution")


class NoHoldout(Exception):
    """Nothing can be said of this scenario yet; the message says why."""


class _Drawn(NamedTuple):
    is_held_out: bool
    assigned_at: datetime
    share: int
    orders: int
    minor: int


def lift_of_scenario(
    *, scenario: Scenario, now: datetime, outcome: timedelta = OUTCOME_WINDOW
) -> dict[str, Any]:
    """The verdict on a scenario's hold-out, ready for JSON. Raises NoHoldout.

    Everyone counts in the arm she was drawn into, with her orders in the shop's currency for `outcome` from
    then on; who was drawn later than that is not counted yet. Whom the scenario had written to before it held
    anybody out was never drawn, and stands in neither arm.
    """
    shop = Shop.objects.get(id=scenario.shop_id)
    rows = run(
        "people_drawn",
        shop_id=shop.id,
        scenario_id=scenario.id,
        outcome=outcome,
        currency=shop.currency,
        until=now - outcome,
    )
    drawn = [_Drawn(*row) for row in rows]
    if not drawn:
        raise NoHoldout(_why_nobody(scenario, outcome))
    people = [
        Person(one.is_held_out, one.orders > 0, float(Money(one.minor, shop.currency).decimal()))
        for one in drawn
    ]
    assigned = [one.assigned_at for one in drawn]
    share = sum(one.share for one in drawn) / len(drawn) / WHOLE_SHARE
    try:
        verdict = judge(people, share=share if 0 < share < 1 else None)
    except TooFew as few:
        raise NoHoldout(str(few)) from None
    return {
        "scenario": scenario.name,
        "currency": shop.currency,
        "outcome_days": outcome / timedelta(days=1),
        "drawn_from": min(assigned).isoformat(),
        "drawn_until": max(assigned).isoformat(),
        **verdict,
        "weeks_more": weeks_more(assigned, verdict["people_needed"], now - outcome),
    }


def csv_of_lift(told: dict[str, Any]) -> Iterator[list[str]]:
    """The verdict as lines, one for each measure, the header first; bounds are those of 95 per cent.

    `incremental_…` are sums over all who were treated; the others are means of a person.
    """
    yield [
        "scenario", "measure", "currency", "outcome_days", "people_treated", "people_holdout", "treated",
        "holdout", "difference", "lower", "upper", "always_valid_lower", "always_valid_upper", "verdict",
        "people_needed", "weeks_more",
    ]  # fmt: skip
    people = told["people"]
    head = [f"{told['outcome_days']:.0f}", str(people["treated"]), str(people["holdout"])]
    end = [told["verdict"], *whole_cells(told["people_needed"], told["weeks_more"])]
    for measure in ("conversion", "revenue_per_person"):
        one = told[measure]
        figures = (
            one["treated"], one["holdout"], one["difference"], *bounds_of(one["interval"]),
            *bounds_of(one["always_valid"]["interval"]),
        )  # fmt: skip
        yield [told["scenario"], measure, told["currency"], *head, *cells_of(figures), *end]
    for measure in ("incremental_orders", "incremental_revenue"):
        one = told[measure]
        always_valid = bounds_of(one["always_valid"]["interval"])
        cells = ["", "", *cells_of((one["estimate"], one["lower"], one["upper"], *always_valid))]
        yield [told["scenario"], measure, told["currency"], *head, *cells, *end]


def bounds_of(interval: Sequence[float] | None) -> Sequence[float | None]:
    """Lower and upper; nothing where they are not known yet."""
    return (None, None) if interval is None else interval


def cells_of(figures: Sequence[float | None]) -> list[str]:
    """Figures of a verdict as cells, empty where nothing is known."""
    return ["" if figure is None else f"{figure:.6f}" for figure in figures]


def whole_cells(*numbers: int | None) -> list[str]:
    """The same of whole numbers."""
    return ["" if number is None else str(number) for number in numbers]


def weeks_more(drawn: Sequence[datetime], needed: int | None, until: datetime) -> int | None:
    """How long until there are `needed` people, at the pace at which those `drawn` came until then.

    None: there are, or nobody can tell.
    """
    if needed is None or needed <= len(drawn):
        return None
    took = max(until - min(drawn), _WEEK)
    return ceil((needed - len(drawn)) / (len(drawn) / (took / _WEEK)))


def _why_nobody(scenario: Scenario, outcome: timedelta) -> str:
    if not plan_of(scenario.shop_id, scenario.version_id).holdout:
        return (
            f"{scenario.name!r} holds nobody out: give it a `holdout`, such as 0.10, and what it "
            "brings can be measured"
        )
    days = outcome.days
    return (
        f"not enough data yet: nobody was drawn in {scenario.name!r} {days} days ago or earlier, and "
        f"each person is watched for {days} days"
    )
