"""`ripresa db`: tables, dump and restore."""

from pathlib import Path
from typing import Annotated

import typer

from ripresa.core import dump as dumps
from ripresa.entrypoints.cli import home

app = typer.Typer(help="Lay tables, dump and restore.", no_args_is_help=True)


@app.command()
def migrate() -> None:
    """Bring the tables up to date. Web, worker and intake do so by themselves when they start."""
    with home.ready():
        pass


@app.command()
def dump(target: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write the whole database into one file."""
    with home.database() as url:
        dumps.dump(url, target)
    home.report(f"Written to {target}.")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file that `ripresa db dump` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Throw away what the database holds now.")
    ] = False,
) -> None:
    """Read the database back from a file, all of it or nothing."""
    with home.database() as url:
        dumps.restore(url, source, replace=replace)
    home.report(f"Restored from {source}.")
