"""`ripresa simulate`: events through the real code on a virtual clock (contracts/scenario.md)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ripresa.core import config
from ripresa.core.throwaway import throwaway_database
from ripresa.entrypoints.blank_database import blank_database
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.instants import read_instant
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text

app = typer.Typer()


class ConsentPolicy(StrEnum):
    """Whether consent is asked for."""

    ANY = "any"
    RECORDED = "recorded"


@app.command()
def simulate(
    events: Annotated[Path, typer.Option(help="JSON lines, one store event a line.")],
    out: Annotated[Path, typer.Option(help="The folder for the result files.")],
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
    pool: Annotated[
        list[str] | None,
        typer.Option(help="A pool of codes: NAME=FILE, a code a row; again for each."),
    ] = None,
    code: Annotated[
        list[str] | None,
        typer.Option(help="A pool with one code for everybody: NAME=CODE; again for each."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many work at once.")] = 1,
    seed: Annotated[int, typer.Option(help="Without effect: nothing is drawn by lot.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run events through a scenario on a virtual clock; nothing is sent."""
    for file in (events, scenario):
        if file is not None and not file.is_file():
            raise Problem(f"there is no file {file}")
    asked = {
        "events": events,
        "out": out,
        "scenario": scenario,
        "since": read_instant("--from", since) if since else None,
        "until": read_instant("--until", until) if until else None,
        "any_consent": consent_policy is ConsentPolicy.ANY,
        "abandoned_after": abandoned_after,
        "workers": workers,
        "seed": seed,
    }
    summary = _run(asked, files=_named("--pool", pool), codes=_named("--code", code))
    typer.echo(json_text(summary, indent=None if as_json else 2))


def _run(asked: dict[str, Any], *, files: dict[str, str], codes: dict[str, str]) -> dict[str, Any]:
    """Simulate on a database of its own; returns the summary. Raises Problem."""
    began = time.monotonic()
    with _tables():
        from ripresa.domain.coupons.pools import PoolExists, PoolRefused
        from ripresa.domain.scenarios.durations import NotADuration
        from ripresa.domain.scenarios.file.document import ScenarioInvalid
        from ripresa.usecases.coupons.import_coupons import NotImportable
        from ripresa.usecases.simulate.pools import Pools
        from ripresa.usecases.simulate.run import Wish, simulate

        pools = Pools({name: Path(file) for name, file in files.items()}, codes)
        with home.screen.status("Simulating …") as status:
            try:
                return simulate(
                    Wish(**asked, pools=pools),
                    began=began,
                    tick=lambda now: status.update(f"Simulating … {now:%Y-%m-%d %H:%M}"),
                )
            except (
                ScenarioInvalid,
                NotADuration,
                NotImportable,
                PoolRefused,
                PoolExists,
            ) as wrong:
                raise Problem(str(wrong)) from None


@contextmanager
def _tables() -> Iterator[None]:
    """Django on a database of our own that has all tables and lives as long as we need it."""
    with home.database() as url:
        # On a server of somebody else's we leave nothing behind, and lay the tables each time.
        is_embedded = config.load().database_url is None
        template = blank_database(url) if is_embedded else None
        with throwaway_database(url, template=template) as own:
            home.set_up(own)
            # Only now: it needs Django's settings.
            from ripresa.entrypoints import schema

            schema.lay(own, home.report)
            yield


def _named(option: str, given: list[str] | None) -> dict[str, str]:
    """NAME=VALUE by name. Raises Problem."""
    found: dict[str, str] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not (name and equals and value):
            raise Problem(f"{option} is NAME=…, not {one!r}")
        if name in found:
            raise Problem(f"{option}: {name!r} is given twice")
        found[name] = value
    return found
