"""`ripresa connection gaps`: what a shop's calls had not told, and asking has filled in."""

from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.connections import Name, find_row
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson

app = typer.Typer()
_WAYS = {"asked": "asked for what changed", "before_sending": "asked before a message left"}


@app.command("gaps")
def list_gaps(
    name: Name,
    shop_slug: ShopSlug,
    latest: Annotated[
        int, typer.Option(help="How many to show, the newest first.", min=1, max=1000)
    ] = 20,
    as_json: AsJson = False,
) -> None:
    """The gaps of a connection: when each was found, how, and what was filled in."""
    with home.ready():
        from ripresa.domain.connections.gaps import list_gaps as find_gaps

        rows = [
            {
                "found_at": one.found_at.isoformat(),
                "way": one.way,
                "since": one.since.isoformat(),
                "events": one.events,
                "by_type": one.by_type,
                "earliest_at": one.earliest_at.isoformat(),
                "latest_at": one.latest_at.isoformat(),
            }
            for one in find_gaps(find_row(shop_slug, name), limit=latest)
        ]
    if as_json:
        typer.echo(json_text({"gaps": rows}))
        return
    for row in rows:
        what = ", ".join(f"{count} {kind}" for kind, count in row["by_type"].items())
        typer.echo(f"{row['found_at']}  {_WAYS[row['way']]}  filled in: {what}")
        typer.echo(f"  they happened from {row['earliest_at']} to {row['latest_at']}")
    if not rows:
        typer.echo(f"No gaps: whatever {name} was asked for it had told by itself.")
