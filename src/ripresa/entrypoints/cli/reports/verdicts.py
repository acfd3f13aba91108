"""`ripresa report lift`, `test` and `proof`."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.reports.asking import (
    AsCsv,
    AsParquet,
    Begin,
    End,
    answer,
    asking,
)
from ripresa.entrypoints.cli.scenarios import ShopSlug

if TYPE_CHECKING:
    from ripresa.domain.scenarios.models import Scenario
    from ripresa.domain.shops.models import Shop

app = typer.Typer()
ScenarioName = Annotated[str, typer.Argument(help="The scenario's name.")]
Watched = Annotated[int, typer.Option(min=1, max=365, help="How long each person's orders count.")]


@app.command()
def lift(
    scenario: ScenarioName,
    shop_slug: ShopSlug,
    days: Watched = 28,
    as_csv: AsCsv = False,
    parquet: AsParquet = None,
) -> None:
    """What a scenario brought beyond what came by itself, from its hold-out; writes JSON (RPT-5)."""
    with asking(shop_slug) as asked:
        from ripresa.usecases.reporting.lift_of_scenario import (
            NoHoldout,
            csv_of_lift,
            lift_of_scenario,
        )

        found = _find(asked.shop, scenario)
        try:
            told = lift_of_scenario(scenario=found, now=asked.now, outcome=timedelta(days=days))
        except NoHoldout as why:
            raise Problem(str(why)) from None
    answer(csv_of_lift(told), told, as_csv=as_csv, as_json=not as_csv, parquet=parquet)


@app.command("test")
def judge(
    scenario: ScenarioName,
    shop_slug: ShopSlug,
    name: Annotated[str, typer.Option("--test", help="The test's name; else that in force.")] = "",
    days: Watched = 28,
    as_csv: AsCsv = False,
    parquet: AsParquet = None,
) -> None:
    """Which arm of a test does better, and what its coupon really bought; writes JSON (RPT-5)."""
    with asking(shop_slug) as asked:
        from ripresa.usecases.reporting.tests_of_scenario import NoTest, csv_of_test, judge_test

        found = _find(asked.shop, scenario)
        try:
            outcome = timedelta(days=days)
            told = judge_test(scenario=found, test=name, now=asked.now, outcome=outcome)
        except NoTest as why:
            raise Problem(str(why)) from None
    answer(csv_of_test(told), told, as_csv=as_csv, as_json=not as_csv, parquet=parquet)


@app.command()
def proof(
    shop_slug: ShopSlug,
    month: Annotated[str, typer.Argument(help="A month: 2026-11; else days.")] = "",
    begin: Begin = None,
    end: End = None,
    as_csv: AsCsv = False,
    parquet: AsParquet = None,
) -> None:
    """Whom you wrote to, and nobody after buying, twice, or unwanted; writes JSON (RPT-7)."""
    if month and (begin or end):
        raise Problem("a month is all of that month: leave --from and --until out")
    try:
        first = date.fromisoformat(f"{month}-01") if month else None
    except ValueError:
        raise Problem(f"a month looks like 2026-11, not {month!r}") from None
    with asking(shop_slug, begin, end) as asked:
        from ripresa.usecases.reporting.figures import Only
        from ripresa.usecases.reporting.proof import month_of, prove

        only = month_of(first) if first else Only(asked.begin, asked.end)
        found = prove(asked.shop.id, only)
    answer(found.lines(), found.tell(), as_csv=as_csv, as_json=not as_csv, parquet=parquet)


def _find(shop: "Shop", name: str) -> "Scenario":
    from ripresa.domain.scenarios.models import Scenario

    found = Scenario.objects.filter(shop_id=shop.id, name=name).first()
    if found is None:
        raise Problem(f"{shop.slug} has no scenario {name!r}")
    return found
