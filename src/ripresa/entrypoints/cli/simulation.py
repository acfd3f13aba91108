"""`ripresa simulate`: events through the real code on a virtual clock (contracts/scenario.md)."""

import json
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ripresa.core.throwaway import throwaway_database
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.instants import read_instant
from ripresa.entrypoints.cli.problem import Problem

app = typer.Typer()


class ConsentPolicy(StrEnum):
    """Whether consent is asked for."""

    ANY = "any"
    RECORDED = "recorded"


@app.command()
def simulate(
    events: Annotated[Path, typer.Option(help="JSON lines, one store event a line.")],
    out: Annotated[Path, typer.Option(help="The folder for the three result files.")],
    scenario: Annotated[
        Path | None, typer.Option(help="A scenario file; without one the standard three reminders.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", help="Live from this instant on; earlier events are history."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="The last instant; without it: until nothing is due.")
    ] = None,
    consent_policy: Annotated[
        ConsentPolicy, typer.Option(help="recorded: as the scenario says.")
    ] = ConsentPolicy.RECORDED,
    abandoned_after: Annotated[
        str | None,
        typer.Option(help="The shop's abandonment time; without it the scenario's idle time."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many work at once.")] = 1,
    seed: Annotated[int, typer.Option(help="Without effect: nothing is drawn by lot.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run events through a scenario on a virtual clock; nothing is sent."""
    for file in (events, scenario):
        if file is not None and not file.is_file():
            raise Problem(f"there is no file {file}")
    began = time.monotonic()
    with home.database() as url, throwaway_database(url) as own:
        home.set_up(own)
        from ripresa.domain.scenarios.durations import NotADuration
        from ripresa.domain.scenarios.file.document import ScenarioInvalid
        from ripresa.usecases.simulate.run import Wish, simulate

        wish = Wish(
            events=events,
            out=out,
            scenario=scenario,
            since=read_instant("--from", since) if since else None,
            until=read_instant("--until", until) if until else None,
            any_consent=consent_policy is ConsentPolicy.ANY,
            abandoned_after=abandoned_after,
            workers=workers,
            seed=seed,
        )
        with home.screen.status("Simulating …") as status:
            try:
                summary = simulate(
                    wish,
                    began=began,
                    tick=lambda now: status.update(f"Simulating … {now:%Y-%m-%d %H:%M}"),
                )
            except (ScenarioInvalid, NotADuration) as wrong:
                raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False))
        return
    typer.echo(json.dumps(summary, ensure_ascii=False, indent=2))
