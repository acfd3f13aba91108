"""`ripresa legal`: what a shop asks beyond the legal presets."""

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
    from ripresa.domain.scenarios.legal_basis.own import OwnBases

app = typer.Typer(help="What a shop asks beyond the legal presets.", no_args_is_help=True)
OfShop = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
InFile = Annotated[Path, typer.Argument(help="Rules as JSON, as `show --json` prints them.")]


@app.command("show")
def show(shop_slug: OfShop, as_json: AsJson = False) -> None:
    """Show it."""
    with home.ready():
        from ripresa.domain.scenarios.legal_basis.own import stored_bases
        from ripresa.usecases.consent.own_bases import told

        bases = stored_bases(find_shop(shop_slug).own_bases)
    if as_json:
        typer.echo(json_text(told(bases)))
        return
    for one in bases:
        typer.echo(one.line)
    if not bases:
        typer.echo("Nothing of its own: the presets hold as they are.")


@app.command("preview")
def preview(file: InFile, shop_slug: OfShop, as_json: AsJson = False) -> None:
    """Tell what other rules would change for messages that wait; stores nothing."""
    with home.ready() as config:
        from ripresa.usecases.consent.own_bases import preview_bases

        shop, bases = find_shop(shop_slug), _read(file)
        told = preview_bases(shop=shop, bases=bases, now=config.clock.now())
    if as_json:
        typer.echo(json_text(told._asdict()))
        return
    more = "" if told.is_all else ", the next ones"
    typer.echo(
        f"Of {told.looked_at} messages that wait{more}: {told.stopped} would not leave any more,"
        f" to {told.people} people; {told.freed} would leave after all."
    )


@app.command("set")
def set_bases(file: InFile, shop_slug: OfShop) -> None:
    """Set it, all of it."""
    with home.ready() as config:
        from ripresa.usecases.consent.own_bases import change_bases

        shop, bases = find_shop(shop_slug), _read(file)
        change_bases(shop_id=shop.id, bases=bases, now=config.clock.now())
    typer.echo("Set. Each message that waits is asked when it would leave.")


def _read(file: Path) -> "OwnBases":
    from ripresa.domain.scenarios.legal_basis.own import BadBases, read_bases

    try:
        return read_bases(json.loads(read_text(file)))
    except json.JSONDecodeError as wrong:
        raise Problem(f"{file.name}:{wrong.lineno}: this is no JSON: {wrong.msg}") from None
    except BadBases as wrong:
        raise Problem(f"{file.name}: {wrong}") from None
