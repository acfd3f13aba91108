"""`ripresa shadow`: decide everything and send nothing, beside an older system."""

from datetime import timedelta
from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="Decide everything and send nothing.", no_args_is_help=True)
OfShop = Annotated[str, typer.Option("--shop", help="The shop's short name.")]


@app.command("on")
def on(shop_slug: OfShop) -> None:
    """From now on everything is planned and decided, and nothing leaves."""
    with home.ready() as config:
        from ripresa.usecases.shadow import switching

        changed = switching.switch_on(shop_id=find_shop(shop_slug).id, now=config.clock.now())
    typer.echo(f"{shop_slug} {'is' if changed else 'was'} in shadow mode: nothing leaves.")


@app.command("off")
def off(shop_slug: OfShop) -> None:
    """Send from now on, about carts that are left from now on. What was decided before never leaves."""
    with home.ready() as config:
        from ripresa.usecases.shadow import switching

        changed = switching.switch_off(shop_id=find_shop(shop_slug).id, now=config.clock.now())
    typer.echo(
        f"{shop_slug} writes about carts that are left from now on."
        if changed
        else f"{shop_slug} was not in shadow mode."
    )


@app.command("report")
def report(
    shop_slug: OfShop,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Of the last so many days.")] = 30,
    as_json: AsJson = False,
) -> None:
    """What would have gone, step by step, and which of those carts were bought afterwards."""
    with home.ready() as config:
        from ripresa.usecases.shadow import switching

        shop, now = find_shop(shop_slug), config.clock.now()
        lines = switching.report(shop_id=shop.id, since=now - timedelta(days=days), until=now)
    rows = [
        line._asdict() | {"value": None if line.value is None else f"{line.value.decimal():f}"}
        for line in lines
    ]
    if as_json:
        typer.echo(json_text({"shadow_since": shop.shadow_since, "rows": rows}))
        return
    for row in rows:
        typer.echo(
            f"{row['origin']}  {row['step']}  {row['channel']}: {row['messages']} messages to "
            f"{row['people']} people, {row['bought']} carts bought afterwards"
            + (f", {row['value']} {row['currency']}" if row["value"] else "")
        )
    if not rows:
        typer.echo("Nothing would have gone.")
