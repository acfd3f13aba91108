"""`ripresa events`: import from files."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="Bring store events in from files.", no_args_is_help=True)


@app.callback()
def _events() -> None:
    """Bring store events in from files."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="JSON lines, one store event a line.")],
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    as_json: AsJson = False,
) -> None:
    """Import events; lines that are wrong are told by number and leave their neighbours alone."""
    if not file.is_file():
        raise Problem(f"there is no file {file}")
    with home.ready() as config, file.open("rb") as lines, Progress(console=home.screen) as bar:
        from ripresa.usecases.import_events import import_events

        shop = find_shop(shop_slug)
        task = bar.add_task(f"Importing {file.name}", total=file.stat().st_size)
        done = import_events(
            shop_id=shop.id,
            lines=lines,
            now=config.clock.now(),
            progress=lambda size: bar.advance(task, size),
        )
    if as_json:
        typer.echo(
            json_text(
                {
                    "accepted": done.accepted,
                    "duplicates": done.duplicates,
                    "rejected": done.rejected,
                    "problems": [
                        dict(zip(("line", "field", "code", "message"), problem, strict=True))
                        for problem in done.problems
                    ],
                }
            )
        )
        return
    typer.echo(
        f"{done.accepted} accepted, {done.duplicates} already known, {done.rejected} rejected."
    )
    for line, place, code, message in done.problems:
        typer.echo(f"  {file.name}:{line}: {place}: {message} ({code})")
