"""`ripresa doctor`: what is wrong with this install, and what to do about it."""

from typing import Annotated

import typer
from rich.text import Text

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.doctor.examination import examine

app = typer.Typer()

_STYLE = {"ok": "green", "warn": "yellow", "fail": "bold red"}


@app.command()
def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False
) -> None:
    """Look at settings, home, database, backlog and mail server; exit code 1 if anything fails."""
    findings = []
    for one in examine(home.database, home.set_up):
        findings.append(one)
        if not as_json:
            line = Text.assemble(
                (f"{one.level:4}", _STYLE[one.level]), f"  {one.check}: {one.found}"
            )
            home.answer(line)
            if one.advice:
                home.answer(Text(f"      {one.advice}", "dim"))
    is_well = all(one.level != "fail" for one in findings)
    if as_json:
        told = [
            {"check": one.check, "level": one.level, "found": one.found, "do": one.advice}
            for one in findings
        ]
        typer.echo(json_text({"ok": is_well, "checks": told}))
    raise typer.Exit(0 if is_well else 1)
