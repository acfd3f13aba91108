"""`ripresa hours`: a shop's own quiet hours and holidays."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.files import read_text
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.domain.scenarios.hours.document import ShopHours

app = typer.Typer(help="A shop's own quiet hours and holidays.", no_args_is_help=True)
OfShop = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
InFile = Annotated[Path, typer.Argument(help="Hours as JSON, as `show --json` prints them.")]


@app.command("show")
def show(shop_slug: OfShop, as_json: AsJson = False) -> None:
    """Show them."""
    with home.ready():
        from ripresa.domain.scenarios.hours.document import read_hours

        hours = read_hours(find_shop(shop_slug).hours)
    if as_json:
        typer.echo(json_text(hours.told()))
        return
    lines = hours.lines()
    for line in [*lines["hours"], *(f"closed {day}" for day in lines["holidays"])]:
        typer.echo(line)
    if not hours.told():
        typer.echo("None of its own: scenarios send by their own hours.")


@app.command("preview")
def preview(file: InFile, shop_slug: OfShop, as_json: AsJson = False) -> None:
    """Tell what other hours would change for messages that wait; stores nothing."""
    with home.ready() as config:
        from ripresa.usecases.shops.shop_hours import preview_hours

        shop, hours = find_shop(shop_slug), _read(file)
        told = preview_hours(shop=shop, hours=hours, now=config.clock.now())
    if as_json:
        typer.echo(json_text(told._asdict()))
        return
    more = "" if told.is_all else ", the next ones"
    typer.echo(
        f"Of {told.looked_at} messages that wait{more}: {told.later} later, {told.earlier} earlier."
    )
    for name, channel in told.never:
        typer.echo(f"{name!r} could never send by {channel}: its own hours lie outside these.")


@app.command("set")
def set_hours(file: InFile, shop_slug: OfShop) -> None:
    """Set them, all of them."""
    with home.ready() as config:
        from ripresa.usecases.shops.shop_hours import change_hours

        shop, hours = find_shop(shop_slug), _read(file)
        change_hours(shop_id=shop.id, hours=hours, now=config.clock.now())
    typer.echo("Set. What waits is looked at again at once.")


def _read(file: Path) -> "ShopHours":
    from ripresa.domain.scenarios.hours.document import BadHours, read_hours

    try:
        return read_hours(json.loads(read_text(file)))
    except json.JSONDecodeError as wrong:
        raise Problem(f"{file.name}:{wrong.lineno}: this is no JSON: {wrong.msg}") from None
    except BadHours as wrong:
        raise Problem(f"{file.name}: {wrong}") from None
