"""`ripresa coupon pool mint`: a pool whose codes the shop makes."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from ripresa.contracts.shops.connector import Sums
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.connections import find_row
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.registry import CONNECTORS

if TYPE_CHECKING:
    from ripresa.domain.connections.models import Connection
    from ripresa.domain.coupons.minting import Recipe

app = typer.Typer()
_MOST_AHEAD = 10_000


@app.command("mint")
def mint(
    name: Annotated[str, typer.Argument(help="The pool's name, as scenarios say it.")],
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    connection: Annotated[str, typer.Option(help="The connection whose shop makes the codes.")],
    value: Annotated[str, typer.Option(help="What a code is worth: 10%, or 5.00.")],
    minimum: Annotated[str, typer.Option(help="The least goods' worth it wants.")] = "",
    valid_for: Annotated[str, typer.Option(help="How long codes are good, as 30d.")] = "",
    ahead: Annotated[
        int, typer.Option(help="How many are to be at hand.", min=1, max=_MOST_AHEAD)
    ] = 100,
    as_json: AsJson = False,
) -> None:
    """Make a pool whose codes the shop makes, each for one order, in batches ahead of need."""
    worth = _amount("--value", value.removesuffix("%"))
    if value.endswith("%") and worth > 100:  # noqa: PLR2004
        raise Problem("--value: a code can't be worth more than 100%")
    with home.ready() as config:
        from ripresa.domain.coupons.minting import Recipe

        shop, found = find_shop(shop_slug), find_row(shop_slug, connection)
        if CONNECTORS[found.platform].mint is None:
            raise Problem(f"{CONNECTORS[found.platform].label} makes no coupons")
        if not value.endswith("%") and CONNECTORS[found.platform].sums is Sums.NONE:
            raise Problem(f"{CONNECTORS[found.platform].label} makes coupons over per cent alone")
        least = _amount("--minimum", minimum) if minimum else None
        is_percent, good_for = value.endswith("%"), _duration(valid_for)
        recipe = Recipe(worth, is_percent, shop.currency, least, good_for, ahead)
        left, trouble = _laid(found, name, recipe, config.clock.now())
    if as_json:
        typer.echo(json_text({"pool": name, "left": left, "trouble": trouble}))
    elif trouble:
        typer.echo(f"The pool {name!r} is made. Not minted just now, tried again: {trouble}")
    else:
        typer.echo(f"The pool {name!r} is made, with {left:,} codes.")


def _laid(connection: "Connection", name: str, recipe: "Recipe", now: datetime) -> tuple[int, str]:
    """Lay the pool and mint its first codes; returns how many there are, and why there are no more."""
    from ripresa.domain.coupons import minting, pools
    from ripresa.usecases.connected.minting import Minter
    from ripresa.usecases.connected.opening import Opener
    from ripresa.usecases.connections import Connections

    mark = min(pools.LOW_WATER, recipe.ahead // 4)
    try:
        pool = pools.create_pool(shop_id=connection.shop_id, name=name, now=now, low_water=mark)
    except (pools.PoolExists, pools.PoolRefused) as wrong:
        raise Problem(str(wrong)) from None
    made = minting.add_mint(pool, connection.id, recipe, now)
    trouble = Minter(Opener(Connections(CONNECTORS))).mint(made, now)
    return minting.free_codes(made, now), trouble


def _amount(option: str, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or amount <= 0 or amount != round(amount, 2):
        raise Problem(f"{option} must be a number like 5.00 above 0, not {text!r}")
    return amount


def _duration(text: str) -> timedelta | None:
    from ripresa.domain.scenarios.durations import NotADuration, parse_duration

    try:
        return parse_duration(text).at_least() if text else None
    except NotADuration as wrong:
        raise Problem(f"--valid-for: {wrong}") from None
