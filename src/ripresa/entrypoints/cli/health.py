"""`ripresa health`: whether everything is heard, and everything leaves."""

from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer()

_QUIET = {True: "QUIET", False: "as usual", None: "too little is known to tell"}


@app.command("health")
def health(
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="Of orders, so many days back.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Carts against the usual, orders whose cart was known, what is due, providers, connections."""
    with home.ready() as config:
        from ripresa.usecases.health.telling import tell_health

        shop = find_shop(shop_slug)
        found = tell_health(shop_id=shop.id, now=config.clock.now(), days=days)
    if as_json:
        typer.echo(json_text(found.plain()))
        return
    typer.echo(
        f"Carts: {_QUIET[found.is_quiet]}. {found.seen} in the last {found.hours} h, "
        f"usual are {found.usual:.0f}."
    )
    share = "" if found.known_share is None else f" ({found.known_share:.0%})"
    typer.echo(
        f"Orders of {days} days: {found.orders}, cart known before: {found.orders_known}{share}."
    )
    for one in found.known_orders:
        typer.echo(f"  {one.source}, {one.device}: {one.known} of {one.orders}")
    typer.echo(f"Messages: {found.due_soon} due within a day, {found.due_late} overdue.")
    for error in found.provider_errors:
        typer.echo(f"  {error.channel}: {error.count} {error.state}, {error.reason}")
    for name in found.accounts_held:
        typer.echo(f"  the account {name} is held")
    for each in found.connections:
        heard = f"{each.last_heard_at:%Y-%m-%d %H:%M}" if each.last_heard_at else "never"
        state = "closed" if each.is_closed else each.trouble or "open"
        typer.echo(f"Connection {each.name} ({each.platform}): heard {heard}, {state}.")
