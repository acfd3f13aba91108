"""`ripresa stop` and `ripresa start`: the switch for all that leaves, of one shop or of all."""

from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.shops import find_shop

app = typer.Typer()

ShopSlug = Annotated[str, typer.Option("--shop", help="Only this shop; otherwise every one.")]


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
