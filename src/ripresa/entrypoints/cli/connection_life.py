"""`ripresa connection back-fill` and `patience`: what a shop is asked beside what it tells."""

import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.connections import Name, connector_named, find_row, history_of
from ripresa.entrypoints.cli.instants import read_instant
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.registry import CONNECTORS

app = typer.Typer()


@app.command("back-fill")
def back_fill(
    name: Name,
    shop_slug: ShopSlug,
    since: Annotated[str, typer.Option(help="From when on, like 2026-01-01T00:00:00Z.")],
    later: Annotated[
        bool, typer.Option("--later", help="Leave it to the workers, and come back at once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Have a shop tell what was before it was connected. Nobody is written to about those carts.

    Cut off, it is gone on with by the workers: `ripresa connection show` tells how far it is.
    """
    begin = read_instant("--since", since)
    with home.ready() as config:
        from ripresa.domain.connections.history import AlreadyTelling
        from ripresa.usecases.connected.back_fill import NoHistory, begin_back_fill

        found = find_row(shop_slug, name)
        now = config.clock.now()
        try:
            begin_back_fill(found, connector_named(found.platform), since=begin, now=now)
        except NoHistory as wrong:
            raise Problem(str(wrong)) from None
        except AlreadyTelling:
            raise Problem(f"{name} is telling its history already: look at show {name}") from None
        if not later:
            _tell_now(found.shop_id, now)
        told = history_of(found)
    if as_json:
        typer.echo(json_text(told))
    elif told["finished_at"]:
        typer.echo(
            f"{name}: {told['heard']} new, {told['known']} known, {told['refused']} refused."
        )
    else:
        trouble = f" Not just now: {told['trouble']}." if told["trouble"] else ""
        typer.echo(f"{name}: the workers go on with it.{trouble}")


def _tell_now(shop_id: int, now: datetime) -> None:
    from ripresa.domain.connections.history import Page
    from ripresa.usecases.connected.back_fill import BackFiller
    from ripresa.usecases.connected.opening import Opener
    from ripresa.usecases.connections import Connections

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=home.screen, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("Asking …")
        sums = [0, 0]

        def told(page: Page) -> None:
            sums[0] += page.heard
            sums[1] += page.known
            far = f", told until {page.until:%Y-%m-%d}" if page.until else ""
            bar.update(task, description=f"{sums[0]:,} new, {sums[1]:,} known{far}")

        opener = Opener(Connections(CONNECTORS))
        BackFiller(opener, told=told).fill_due(shop_id=shop_id, now=now)


@app.command("patience")
def set_patience(
    silence: Annotated[
        str, typer.Argument(help="How long a platform may be silent, as 15m; or off.")
    ],
    shop_slug: ShopSlug,
) -> None:
    """Ask a platform that was silent for longer for orders before messages leave."""
    with home.ready():
        from ripresa.domain.scenarios.durations import NotADuration, parse_duration

        shop = find_shop(shop_slug)
        try:
            allowed = None if silence == "off" else parse_duration(silence)
        except NotADuration as wrong:
            raise Problem(f"{wrong}, or off") from None
        if allowed is not None and allowed.months:
            raise Problem(f"months are too long to wait for a word: say {silence} in days")
        shop.ask_after = allowed and allowed.at_least()
        shop.save(update_fields=["ask_after"])
    if allowed is None:
        typer.echo(f"{shop_slug}: no platform is asked before messages leave.")
    else:
        typer.echo(f"{shop_slug}: a platform silent for {allowed} is asked before messages leave.")
