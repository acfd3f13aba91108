"""`ripresa`: every command, and what a user sees when something is wrong."""

import sys
from typing import Annotated, NoReturn

import typer

from ripresa.core.config import ConfigError
from ripresa.entrypoints.cli.parts import Parts
from ripresa.entrypoints.cli.problem import Problem

app = typer.Typer(
    name="ripresa",
    cls=Parts,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _tell_version(is_asked: bool) -> None:  # noqa: FBT001  (as Typer calls it)
    if is_asked:
        from importlib.metadata import version  # half a hundred modules that only this needs

        typer.echo(version("ripresa"))
        raise typer.Exit


@app.callback()
def ripresa(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Tell which one this is."
        ),
    ] = False,
) -> None:
    """Abandoned-cart recovery: hears what happens in a shop, reminds, and falls silent on purchase."""


def main() -> None:
    """Run the command line; a problem that a user can mend is one sentence and exit code 1.

    Typer ends quietly with 130 on Ctrl-C.
    """
    try:
        app()
    except (Problem, ConfigError) as wrong:
        _end(str(wrong), 1)
    except Exception as unforeseen:  # noqa: BLE001  (the last who could say anything)
        _end_unforeseen(unforeseen)


def _end_unforeseen(unforeseen: Exception) -> NoReturn:
    # Here and not above: they bring the database's driver, which not every command needs.
    from ripresa.core.database_problem import DatabaseProblem
    from ripresa.entrypoints.cli import crash

    if isinstance(unforeseen, DatabaseProblem):
        _end(str(unforeseen), 1)
    _end(crash.tell(unforeseen), crash.EXIT_CODE)


def _end(sentence: str, code: int) -> NoReturn:
    sys.stderr.write(f"ripresa: {sentence}\n")
    sys.exit(code)
