"""`ripresa report figures`, `recovery`, `definitions`, `rebuild` and `set`."""

from typing import Annotated

import typer
from rich.progress import Progress

from ripresa.domain.attribution.credit import Model
from ripresa.domain.attribution.definitions import definitions
from ripresa.domain.scenarios.durations import NotADuration, parse_duration
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.reports.asking import (
    AsCsv,
    AsParquet,
    Begin,
    End,
    answer,
    asking,
)
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="What came back, who earned it, and what it cost.", no_args_is_help=True)


@app.command()
def figures(
    shop_slug: ShopSlug,
    begin: Begin = None,
    end: End = None,
    by: Annotated[
        str,
        typer.Option(
            help="Comma-separated: day, scenario, version, step, message, channel, language, agent."
        ),
    ] = "scenario,step,channel",
    model: Annotated[Model, typer.Option(help="How touchpoints share an order.")] = Model.LAST,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    parquet: AsParquet = None,
) -> None:
    """Messages, what became of them, and what they earned, by whatever you ask for (RPT-3)."""
    with asking(shop_slug, begin, end) as asked:
        from ripresa.usecases.reporting.figures import DIMENSIONS, Only, table
        from ripresa.usecases.reporting.names import Names
        from ripresa.usecases.reporting.telling import csv_of_table, tell_table

        wanted = [name.strip() for name in by.split(",") if name.strip()]
        if unknown := [name for name in wanted if name not in DIMENSIONS]:
            raise Problem(f"--by knows no {unknown[0]!r}; there are {', '.join(DIMENSIONS)}")
        found = table(asked.shop.id, Only(asked.begin, asked.end), by=wanted, model=model)
        names = Names.of(asked.shop.id)
        lines = list(csv_of_table(found, names, asked.shop.currency))
        told = {**_days(asked.begin, asked.end), **tell_table(found, names)}
    answer(lines, told, as_csv=as_csv, as_json=as_json, parquet=parquet)


@app.command()
def recovery(
    shop_slug: ShopSlug,
    begin: Begin = None,
    end: End = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    parquet: AsParquet = None,
) -> None:
    """What was left behind, what of it came back and why, and its share of all revenue (RPT-2)."""
    with asking(shop_slug, begin, end) as asked:
        from ripresa.usecases.reporting.recovery import buyers
        from ripresa.usecases.reporting.recovery import recovery as find
        from ripresa.usecases.reporting.telling import csv_of_recovery, tell_recovery

        days = (asked.shop.id, asked.begin, asked.end)
        found = find(*days)
        told = {**_days(asked.begin, asked.end), **tell_recovery(found, buyers(*days))}
        lines = list(csv_of_recovery(found))
    answer(lines, told, as_csv=as_csv, as_json=as_json, parquet=parquet)


@app.command()
def restores(
    shop_slug: ShopSlug,
    begin: Begin = None,
    end: End = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    parquet: AsParquet = None,
) -> None:
    """How many restore links were followed, and led back into the shop, by where carts come from."""
    with asking(shop_slug, begin, end) as asked:
        from ripresa.usecases.reporting.restores import restores as find
        from ripresa.usecases.reporting.telling import csv_of_restores, tell_restores

        found = find(asked.shop, asked.begin, asked.end, now=asked.now)
        told = {**_days(asked.begin, asked.end), "rows": tell_restores(found)}
        lines = list(csv_of_restores(found))
    answer(lines, told, as_csv=as_csv, as_json=as_json, parquet=parquet)


@app.command("definitions")
def show_definitions(as_json: AsJson = False) -> None:
    """What each figure counts, by which date, and which statements count it: the words of the console."""
    lines = [["figure", "called", "meaning", "by", "counted_by"]]
    lines += [[*one[:-1], " ".join(one.counted_by)] for one in definitions().values()]
    told = [one._asdict() for one in definitions().values()]
    answer(lines, told, as_csv=False, as_json=as_json)


@app.command()
def rebuild(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Count all figures anew from the facts: they come out as they were, row for row."""
    with home.ready() as config:
        from ripresa.usecases.reporting.keeping import rebuild as count_anew

        shop = find_shop(shop_slug)
        with Progress(console=home.screen, transient=True, disable=as_json) as progress:
            task = progress.add_task("Days", total=None)
            days = count_anew(
                shop_id=shop.id,
                now=config.clock.now(),
                tell=lambda done, all_: progress.update(task, completed=done, total=all_),
            )
    typer.echo(json_text({"days": days}) if as_json else f"{days} days are counted anew.")


@app.command("set")
def change(
    shop_slug: ShopSlug,
    window: Annotated[
        str | None, typer.Option(help="How long before an order a touchpoint counts: 30d.")
    ] = None,
    opens: Annotated[
        bool | None, typer.Option("--opens/--no-opens", help="Whether opens earn.")
    ] = None,
    margin: Annotated[
        float | None, typer.Option(help="What is left of revenue after the goods, in per cent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set how orders are credited, for the past as well; without options, show how they are."""
    with home.ready() as config:
        from ripresa.usecases.reporting.keeping import NotASetting, change_settings

        try:
            settings = change_settings(
                shop_id=find_shop(shop_slug).id,
                now=config.clock.now(),
                window=None if window is None else parse_duration(window).at_most(),
                with_opens=opens,
                margin=None if margin is None else round(margin * 100),
            )
        except (NotASetting, NotADuration) as wrong:
            raise Problem(str(wrong)) from None
    told = {
        "window_days": settings.window.total_seconds() / 86_400,
        "with_opens": settings.with_opens,
        "margin_per_cent": None if settings.margin is None else settings.margin / 100,
    }
    if as_json:
        typer.echo(json_text(told))
        return
    for name, value in told.items():
        typer.echo(f"{name}: {'not said' if value is None else value}")


def _days(begin: object, end: object) -> dict[str, str]:
    return {"from": str(begin), "until": str(end)}
