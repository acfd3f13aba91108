"""`ripresa key`: who may use the management API."""

from typing import Annotated
from uuid import UUID

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="Keys to the management API.", no_args_is_help=True)

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]


@app.command()
def create(
    shop_slug: ShopSlug,
    scope: Annotated[
        list[str], typer.Option("--scope", help="read, write, send or approve; once for each.")
    ],
    label: Annotated[str, typer.Option(help="What it is for, for those who read the list.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, this once."""
    with home.ready() as config:
        from ripresa.usecases.shops.api_keys import NotAScope, add_api_key

        shop = find_shop(shop_slug)
        try:
            made = add_api_key(shop=shop, scopes=scope, label=label, now=config.clock.now())
        except NotAScope as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        told = {"id": str(made.key.id), "key": made.text, "scopes": made.key.scopes}
        typer.echo(json_text(told))
        return
    typer.echo(f"May {', '.join(made.key.scopes)} in {shop_slug}. Keep it: it is shown this once.")
    typer.echo(f"  {made.text}")


@app.command("list")
def list_keys(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """List the keys of a shop: their ids, never the keys."""
    with home.ready():
        from ripresa.domain.shops.queries import list_api_keys

        keys = list_api_keys(find_shop(shop_slug).id)
    if as_json:
        rows = [
            {
                "id": str(key.id),
                "label": key.label,
                "scopes": key.scopes,
                "created_at": key.created_at,
                "revoked_at": key.revoked_at,
            }
            for key in keys
        ]
        typer.echo(json_text({"keys": rows}))
        return
    if not keys:
        typer.echo(f"{shop_slug} has no keys.")
    for key in keys:
        state = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else "in use"
        about = f"{','.join(key.scopes)}  {key.created_at:%Y-%m-%d %H:%M}  {state}"
        typer.echo(f"{key.id}  {about}  {key.label}".rstrip())


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id, as `ripresa key list` shows it.")],
    shop_slug: ShopSlug,
) -> None:
    """End a key, at once and for good."""
    try:
        wanted = UUID(key_id)
    except ValueError:
        raise Problem(f"{key_id!r} is not the id of a key: see ripresa key list") from None
    with home.ready() as config:
        from ripresa.usecases.shops.api_keys import NoSuchKey, revoke_api_key

        shop = find_shop(shop_slug)
        try:
            revoke_api_key(shop_id=shop.id, key_id=wanted, now=config.clock.now())
        except NoSuchKey:
            raise Problem(f"{shop_slug} has no key {wanted} that is still in use") from None
    typer.echo(f"Revoked: {wanted}.")
