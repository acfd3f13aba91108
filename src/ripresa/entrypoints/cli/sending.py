"""`ripresa stop`, `start` and `volume`: the switch for all that leaves, and the breaker beside it."""

from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer()

ShopSlug = Annotated[str, typer.Option("--shop", help="Only this shop; otherwise every one.")]


@app.command()
def volume(
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    limit: Annotated[
        int | None, typer.Option(min=1, help="Most messages in an hour from now on.")
    ] = None,
    automatic: Annotated[
        bool, typer.Option("--automatic", help="Five times the busiest hour of 14 days.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """How many messages an hour are too many: then all sending stops, and asks."""
    if limit is not None and automatic:
        raise Problem("--limit and --automatic say two things: give one of them")
    with home.ready() as config:
        from ripresa.domain.messages import volume as breaker
        from ripresa.domain.shops.models import Shop

        shop = find_shop(shop_slug)
        if limit is not None or automatic:
            shop.volume_limit = limit
            Shop.objects.filter(id=shop.id).update(volume_limit=limit)
        left = breaker.room_left(shop, config.clock.now())
    if as_json:
        typer.echo(json_text({"limit": shop.volume_limit, "left_in_this_hour": left}))
        return
    typer.echo(
        f"At most {shop.volume_limit} an hour."
        if shop.volume_limit
        else "At most five times the busiest hour of the last 14 days."
    )
    typer.echo(
        f"{left} more in this hour." if left is not None else "Not asked until a day is over."
    )


@app.command()
def stop(shop_slug: ShopSlug = "") -> None:
    """Stop all sending at once. Nothing planned is lost."""
    with home.ready() as config:
        from ripresa.usecases import stop_sending

        now = config.clock.now()
        if shop_slug:
            changed = stop_sending.stop_shop(shop_id=find_shop(shop_slug).id, now=now)
        else:
            changed = stop_sending.stop_install(now=now)
    said = "is stopped" if changed else "was stopped already"
    typer.echo(f"All sending of {shop_slug or 'every shop'} {said}.")


@app.command()
def start(shop_slug: ShopSlug = "") -> None:
    """Let it send again: what is still due goes out."""
    with home.ready() as config:
        from ripresa.domain.shops.queries import install_stopped_at
        from ripresa.usecases import stop_sending

        now = config.clock.now()
        if shop_slug:
            changed = stop_sending.start_shop(shop_id=find_shop(shop_slug).id, now=now)
        else:
            changed = stop_sending.start_install(now=now)
        is_held = install_stopped_at() is not None
    said = "may leave again" if changed else "was not stopped"
    typer.echo(f"What {shop_slug or 'every shop'} sends {said}.")
    if is_held:
        typer.echo("But the whole install is stopped: ripresa start, without --shop, lifts that.")
