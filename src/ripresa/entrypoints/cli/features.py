"""`ripresa feature`: what a shop uses."""

from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="What a shop uses.", no_args_is_help=True)
OfShop = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
Name = Annotated[str, typer.Argument(help="As `list` shows it.")]


@app.command("list")
def list_all(shop_slug: OfShop, as_json: AsJson = False) -> None:
    """List every feature, and whether the shop uses it."""
    with home.ready():
        from ripresa.usecases.shops.features import list_features

        found = list_features(find_shop(shop_slug))
    if as_json:
        typer.echo(json_text({"features": [one._asdict() for one in found]}))
        return
    for one in found:
        state = "withheld" if one.is_withheld else "on" if one.is_on else "off"
        typer.echo(f"{one.name}  {state}")


@app.command("on")
def on(name: Name, shop_slug: OfShop) -> None:
    """Switch one on; what waits for it is due."""
    _switch(shop_slug, name, is_on=True)


@app.command("off")
def off(name: Name, shop_slug: OfShop) -> None:
    """Switch one off; what is planned for it waits."""
    _switch(shop_slug, name, is_on=False)


@app.command("withhold")
def withhold(
    shop_slug: OfShop,
    names: Annotated[
        list[str] | None, typer.Argument(help="What the shop can't have; nothing: it may have all.")
    ] = None,
) -> None:
    """Say which features a shop can't have: these and no others."""
    with home.ready() as config:
        from ripresa.usecases.shops.features import NotAFeature, withhold_features

        shop = find_shop(shop_slug)
        try:
            withhold_features(shop_id=shop.id, names=names or [], now=config.clock.now())
        except NotAFeature as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(f"Withheld: {', '.join(names) if names else 'nothing'}.")


def _switch(slug: str, name: str, *, is_on: bool) -> None:
    with home.ready() as config:
        from ripresa.usecases.shops.features import NotAFeature, Withheld, switch_features

        shop = find_shop(slug)
        try:
            switch_features(shop_id=shop.id, wanted={name: is_on}, now=config.clock.now())
        except (NotAFeature, Withheld) as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(f"{name} is {'on' if is_on else 'off'}.")
