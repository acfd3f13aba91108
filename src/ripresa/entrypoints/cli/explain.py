"""`ripresa explain`: the story of a cart, with the reason for everything."""

from typing import Annotated
from uuid import UUID

import typer
from rich.text import Text

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.registry import CONNECTORS

app = typer.Typer()

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]


@app.command()
def explain(
    cart: Annotated[str, typer.Argument(help="The cart's id, or the token the shop knows it by.")],
    shop_slug: ShopSlug,
    as_json: AsJson = False,
) -> None:
    """Tell what happened to a cart, what was decided and why, and what is planned."""
    with home.ready():
        # Late, all of these: Django is set up by now.
        from ripresa.api.shapes.trail import Trail
        from ripresa.console.carts.story import in_words
        from ripresa.usecases.connected.limits import limits_of_shop

        shop = find_shop(shop_slug)
        story = _story(cart, shop)
        told = Trail.of(story, limits_of_shop(shop.id, CONNECTORS))
        entries = in_words(story)
    if as_json:
        typer.echo(told.model_dump_json())
        return
    typer.echo(f"{told.cart_id}  {told.token}  {told.state}")
    for entry in entries:
        line = Text(f"{entry.at:%Y-%m-%d %H:%M:%S}Z  ")
        line.append("ahead  " if entry.is_ahead else "", style="dim")
        line.append(entry.title)
        line.append(_why(entry.detail, entry.code), style="dim")
        if entry.until:
            line.append(f" until {entry.until:%Y-%m-%d %H:%M:%S}Z", style="dim")
        home.answer(line)
    for one in told.shop_limits:
        if one.cannot:
            typer.echo(f"{one.connection} ({one.platform}) can't do: {', '.join(one.cannot)}")


def _why(detail: str, code: str) -> str:
    if not detail:
        return ""
    return f" — {detail} [{code}]" if code else f" — {detail}"


def _story(named: str, shop):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  (models: Django is set up by now)
    """The story of the cart of that id or token. Raises Problem."""
    from ripresa.domain.carts.queries import find_cart_by_token
    from ripresa.usecases.carts.tell_cart import tell_cart

    try:
        cart_id = UUID(named)
    except ValueError:
        found = find_cart_by_token(shop.id, named) if "\x00" not in named else None
        cart_id = UUID(int=0) if found is None else found.id
    story = tell_cart(shop_id=shop.id, cart_id=cart_id)
    if story is None:
        raise Problem(f"{shop.slug} has no cart with the id or token {named!r}")
    return story
