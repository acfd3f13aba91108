"""`ripresa db`: dump and restore."""

from pathlib import Path
from typing import Annotated

import typer

from ripresa.core import dump as dumps
from ripresa.entrypoints.cli import home

app = typer.Typer(help="Dump and restore the database.", no_args_is_help=True)


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
