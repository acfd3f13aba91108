"""`ripresa bounce`: what mails that came back are taken for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text

if TYPE_CHECKING:
    from ripresa.channels.mailbox.reading.values import Reading

app = typer.Typer(help="Bounces: mails that came back.", no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(help="Files with one mail each, as it was received.")]


@app.callback()
def bounce() -> None:
    """Bounces: mails that came back."""


@app.command()
def read(files: Files) -> None:
    """Print what each mail is taken for, as JSON, one line a file; changes nothing, sends nothing.

    What can't be read as a mail is named on the standard error, and makes the exit code 1 in the end.
    """
    from ripresa.channels.mailbox.reading.mail import NotAMail
    from ripresa.channels.mailbox.reading.read import read_mail

    unread = 0
    for file in files:
        try:
            reading = read_mail(_bytes(file))
        except (NotAMail, OSError) as wrong:
            why = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
            typer.echo(f"{file}: {why}", err=True)
            unread += 1
        else:
            typer.echo(json_text(_shape(file, reading)))
    if unread:
        raise Problem(f"{unread} of {len(files)} files could not be read as mails")


def _bytes(file: Path) -> bytes:
    """As much of a file as is looked at: the answer never depends on how large it is."""
    from ripresa.channels.mailbox.reading.mail import MOST_BYTES

    with file.open("rb") as opened:
        return opened.read(MOST_BYTES)


def _shape(file: Path, reading: "Reading") -> dict[str, Any]:
    from ripresa.channels.mailbox.reading.values import Action

    return {
        "file": str(file),
        "kind": reading.kind.value,
        "recipients": [
            {
                "address": heard.address,
                "permanent": heard.permanent,
                "status": heard.status,
                "reason": heard.reason.value if heard.reason else reading.complaint,
            }
            for heard in reading.heard
            if heard.action is not Action.DELIVERED
        ],
    }
