"""What a scenario brought beyond what would have come anyway: its hold-out, judged (RPT-5)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
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


class Lack(StrEnum):
    """What it lacks until something can be told of people who were drawn."""

    HOLDOUT = "holdout"  # it holds nobody out
    PEOPLE = "people"  # nobody has been drawn, or hardly anybody
    TIME = "time"  # none of them has been watched to the end


class NotYet(Exception):
    """Nothing can be told yet; the message says why, `lack` in a word.

    Of `drawn` people the first has been watched to the end at `told_from`; None: not known.
    """

    def __init__(
        self, message: str, lack: Lack, drawn: int = 0, told_from: datetime | None = None
    ) -> None:
        super().__init__(message)
        self.lack, self.drawn, self.told_from = lack, drawn, told_from


class NoHoldout(NotYet):
    """Nothing can be told of this scenario's hold-out yet."""


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
    drawn = _drawn(scenario, shop, now - outcome, outcome)
    if not drawn:
        watched = [one.assigned_at for one in _drawn(scenario, shop, now, outcome)]
        if not watched and not plan_of(shop.id, scenario.version_id).holdout:
            raise NoHoldout(
                f"{scenario.name!r} holds nobody out: give it a `holdout`, such as 0.10, and what it "
                "brings can be measured",
                Lack.HOLDOUT,
            )
        raise NoHoldout(*why_not_yet(repr(scenario.name), watched, outcome))
    people = [
        Person(one.is_held_out, one.orders > 0, float(Money(one.minor, shop.currency).decimal()))
        for one in drawn
    ]
    assigned = [one.assigned_at for one in drawn]
    share = sum(one.share for one in drawn) / len(drawn) / WHOLE_SHARE
    try:
        verdict = judge(people, share=share if 0 < share < 1 else None)
    except TooFew as few:
        raise NoHoldout(f"not enough data yet: {few}", Lack.PEOPLE, len(drawn)) from None
    return {
        "scenario": scenario.name,
        "currency": shop.currency,
        "outcome_days": outcome / timedelta(days=1),
        "drawn_from": min(assigned).isoformat(),
        "drawn_until": max(assigned).isoformat(),
        **verdict,
        "weeks_more": weeks_more(assigned, verdict["people_needed"], now - outcome),
    }


def _drawn(scenario: Scenario, shop: Shop, until: datetime, outcome: timedelta) -> list[_Drawn]:
    rows = run(
        "people_drawn",
        shop_id=shop.id,
        scenario_id=scenario.id,
        outcome=outcome,
        currency=shop.currency,
        until=until,
    )
    return [_Drawn(*row) for row in rows]


def why_not_yet(
    what: str, drawn: Sequence[datetime], outcome: timedelta
) -> tuple[str, Lack, int, datetime | None]:
    """What a NotYet says where nobody `drawn` (ascending) has been watched for `outcome`."""
    if not drawn:
        message = f"not enough data yet: nobody was drawn in {what} so far"
        return message, Lack.PEOPLE, 0, None
    told_from = drawn[0] + outcome
    message = (
        f"not enough data yet: nobody was drawn in {what} {outcome.days} days ago or earlier, and each of "
        f"the {len(drawn)} people is watched for {outcome.days} days; the first can be told of from "
        f"{told_from.isoformat(timespec='minutes')} on"
    )
    return message, Lack.TIME, len(drawn), told_from


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
