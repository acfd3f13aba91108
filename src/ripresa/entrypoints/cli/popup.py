"""`ripresa popup`: the pop-up of the storefront script."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.files import read_text
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.domain.shops.models import Shop

app = typer.Typer(help="The pop-up of the storefront script.", no_args_is_help=True)
OfShop = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
PREVIEW = "?ripresa_popup=preview"


@app.command("show")
def show(shop_slug: OfShop, as_json: AsJson = False) -> None:
    """How it is set, and where to look at it."""
    with home.ready():
        from ripresa.usecases.popup.settings import find_popup, for_pages

        shop = find_shop(shop_slug)
        page = for_pages(find_popup(shop), shop)
    if as_json:
        typer.echo(json_text(page))
        return
    typer.echo(f"The pop-up is {'on' if page['enabled'] else 'off'}; {_when(page['show'])}.")
    typer.echo(
        f"It speaks {', '.join(page['words'])}; to everybody else {page['default_language']}."
    )
    address = shop.store_url or "https://your-shop/"
    typer.echo(f"Preview, on any page that carries it: {address}{PREVIEW}")


@app.command("set")
def set_popup(
    file: Annotated[Path, typer.Argument(help="Its settings as JSON.")], shop_slug: OfShop
) -> None:
    """Set it; what the file leaves out is as shipped."""
    try:
        said = json.loads(read_text(file))
    except json.JSONDecodeError as wrong:
        raise Problem(f"{file.name}:{wrong.lineno}: this is no JSON: {wrong.msg}") from None
    with home.ready() as config:
        _put(find_shop(shop_slug), said, config.clock.now())
    typer.echo("Set. Pages follow within five minutes.")


@app.command("on")
def on(shop_slug: OfShop) -> None:
    """Show it."""
    _switch(shop_slug, enabled=True)


@app.command("off")
def off(shop_slug: OfShop) -> None:
    """Show it no more."""
    _switch(shop_slug, enabled=False)


def _switch(slug: str, *, enabled: bool) -> None:
    with home.ready() as config:
        shop = find_shop(slug)
        said = {**(shop.popup or {}).get("said", {}), "enabled": enabled}
        _put(shop, said, config.clock.now())
    typer.echo(f"The pop-up is {'on' if enabled else 'off'}. Pages follow within five minutes.")


def _put(shop: "Shop", said: Any, now: datetime) -> None:
    from ripresa.usecases.popup.settings import BadPopup, put_popup, read_popup

    try:
        put_popup(shop=shop, popup=read_popup(said), now=now)
    except BadPopup as wrong:
        raise Problem(str(wrong)) from None


def _when(show: dict[str, Any]) -> str:
    parts = [
        "when she is about to leave" if show["on_exit"] else "",
        f"after {show['after_seconds']} s" if show["after_seconds"] is not None else "",
        f"at {show['after_scroll_percent']} % of the page"
        if show["after_scroll_percent"] is not None
        else "",
    ]
    told = " or ".join(part for part in parts if part) or "never by itself"
    return f"{told}, from page {show['after_pages']} on"
