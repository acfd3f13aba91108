"""`ripresa report models`, `order`, `orders` and `import`."""

from pathlib import Path
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
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson

if TYPE_CHECKING:
    from ripresa.usecases.reporting.orders import OrderStory

app = typer.Typer()


@app.command()
def models(
    shop_slug: ShopSlug,
    begin: Begin = None,
    end: End = None,
    by: Annotated[
        str,
        typer.Option(
            help="Comma-separated: day, scenario, version, step, message, channel, language, agent."
        ),
    ] = "scenario,channel",
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    parquet: AsParquet = None,
) -> None:
    """All models side by side over the same orders; with what came by itself, all add up to all revenue."""
    with asking(shop_slug, begin, end) as asked:
        from ripresa.domain.attribution.definitions import NOTE
        from ripresa.usecases.reporting.figures import DIMENSIONS, Only
        from ripresa.usecases.reporting.names import Names
        from ripresa.usecases.reporting.orders import side_by_side
        from ripresa.usecases.reporting.telling import csv_of_models, tell_models

        wanted = [name.strip() for name in by.split(",") if name.strip()]
        if unknown := [name for name in wanted if name not in DIMENSIONS]:
            raise Problem(f"--by knows no {unknown[0]!r}; there are {', '.join(DIMENSIONS)}")
        found = side_by_side(asked.shop.id, Only(asked.begin, asked.end), by=wanted)
        names = Names.of(asked.shop.id)
        told = {"rows": tell_models(found, names), "note": NOTE}
        lines = list(csv_of_models(found, names, wanted))
    answer(lines, told, as_csv=as_csv, as_json=as_json, parquet=parquet)
    if not as_csv and not as_json and not parquet:
        typer.echo(f"\n{NOTE}")


@app.command()
def order(
    name: Annotated[str, typer.Argument(help="The order's number, or its id in the shop.")],
    shop_slug: ShopSlug,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    parquet: AsParquet = None,
) -> None:
    """Who earned an order and why: every touchpoint, whether it counts, and its share by each model."""
    with asking(shop_slug) as asked:
        from ripresa.usecases.reporting.orders import explain_order, find_order
        from ripresa.usecases.reporting.telling import csv_of_story, tell_story

        found = find_order(asked.shop.id, name)
        if found is None:
            raise Problem(f"{shop_slug} has no placed order {name!r}")
        story = explain_order(found)
        told, lines = tell_story(story), list(csv_of_story(story))
    if not as_json and not as_csv and not parquet:
        typer.echo(_headline(story))
    answer(lines, told, as_csv=as_csv, as_json=as_json, parquet=parquet)


def _headline(story: "OrderStory") -> str:
    worth = f"{story.worth.decimal():f} {story.worth.currency}"
    said = f"Order {story.order.number or story.order.external_id}: {worth} after refunds."
    if not story.counts:
        return f"{said} It does not count, so nobody earns it."
    if story.is_agents:
        return f"{said} An agent spoke with her: e-mails earn nothing."
    return said


@app.command()
def orders(
    shop_slug: ShopSlug, begin: Begin = None, end: End = None, parquet: AsParquet = None
) -> None:
    """Every share of every order, as CSV, for whoever wants to add it all up again."""
    with asking(shop_slug, begin, end) as asked:
        from ripresa.usecases.reporting.figures import Only
        from ripresa.usecases.reporting.orders import every_credit
        from ripresa.usecases.reporting.telling import csv_of_credits

        found = every_credit(asked.shop.id, Only(asked.begin, asked.end))
        answer(csv_of_credits(found), None, as_csv=True, as_json=False, parquet=parquet)


@app.command("import")
def import_outside(
    file: Annotated[
        Path, typer.Argument(help="CSV: touchpoint, person or order, at, channel, kind, machine.")
    ],
    shop_slug: ShopSlug,
    source: Annotated[str, typer.Option(help="Who tells them: crm, analytics.")] = "file",
    as_json: AsJson = False,
) -> None:
    """Import touchpoints from outside: fairs, calls, page visits. Safe to repeat."""
    with asking(shop_slug) as asked:
        from ripresa.usecases.analysis.tables import BadTable
        from ripresa.usecases.reporting.keeping import catch_up
        from ripresa.usecases.reporting.outside_file import import_touchpoints

        try:
            done = import_touchpoints(
                shop_id=asked.shop.id, path=file, source=source, now=asked.now
            )
        except BadTable as wrong:
            raise Problem(str(wrong)) from None
        catch_up(shop_id=asked.shop.id, now=asked.now)
    if as_json:
        typer.echo(json_text(done._asdict()))
    else:
        typer.echo(f"{done.rows} touchpoints read, {done.new} of them new.")
