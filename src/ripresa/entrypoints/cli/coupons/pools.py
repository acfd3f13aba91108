"""`ripresa coupon pool`, `coupon stock` and `coupon cap`: what there is, and how much each person may get."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.coupons import importing, minting
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="Coupon codes: pools, files, what is left.", no_args_is_help=True)
app.registered_commands += importing.app.registered_commands
pool = typer.Typer(help="Pools of coupon codes.", no_args_is_help=True)
pool.registered_commands += minting.app.registered_commands
app.add_typer(pool, name="pool")

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
PoolName = Annotated[str, typer.Argument(help="The pool's name, as scenarios say it.")]


@pool.command("create")
def create_pool(
    name: PoolName,
    shop_slug: ShopSlug,
    code: Annotated[
        str, typer.Option("--static", help="One code for everybody; else each gets one of her own.")
    ] = "",
    expires: Annotated[str, typer.Option(help="How long the static code is good.")] = "",
    low_water: Annotated[
        int | None, typer.Option(help="Warn when so many codes are left (20).", min=0)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a pool. Fill it with `ripresa coupon import`, unless it is static."""
    if expires and not code:
        raise Problem("--expires is for a static code; other codes bring their end in the file")
    if low_water is not None and code:
        raise Problem("--low-water is not for a static code: it is never used up")
    with home.ready() as config:
        from ripresa.domain.coupons import pools
        from ripresa.domain.coupons.ends import NotADate, read_end
        from ripresa.usecases.coupons import keeping

        shop = find_shop(shop_slug)
        try:
            made = keeping.make_pool(
                shop_id=shop.id,
                name=name,
                now=config.clock.now(),
                code=code.strip() or None,
                expires_at=read_end(expires, zone=ZoneInfo(shop.timezone), order=None),
                low_water=pools.LOW_WATER if low_water is None else low_water,
            )
        except (pools.PoolExists, pools.PoolRefused, NotADate) as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(json_text({"pool": made.name, "kind": made.kind, "low_water": made.low_water}))
    elif made.kind == "static":
        typer.echo(f"The pool {made.name!r} gives {made.code} to everybody.")
    else:
        typer.echo(f"The pool {made.name!r} is made. It is empty: fill it with coupon import.")


@pool.command("list")
def list_pools(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """List the pools of a shop."""
    with home.ready():
        from ripresa.domain.coupons.models import CouponPool

        shop = find_shop(shop_slug)
        found = list(CouponPool.objects.filter(shop=shop).order_by("name"))
    if as_json:
        rows = [
            {
                "pool": one.name,
                "kind": one.kind,
                "code": one.code,
                "expires_at": one.expires_at,
                "low_water": one.low_water,
                "created_at": one.created_at,
            }
            for one in found
        ]
        typer.echo(json_text({"pools": rows}))
        return
    for one in found:
        about = f"static  {one.code}" if one.code else f"dynamic  warns at {one.low_water}"
        typer.echo(f"{one.name}  {about}{_until(one.expires_at, shop.timezone)}")
    if not found:
        typer.echo(f"{shop_slug} has no pools.")


@pool.command("empty")
def empty_pool(
    name: PoolName,
    shop_slug: ShopSlug,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Throw away the codes of a pool that nobody has got: the way back from a wrong file."""
    with home.ready() as config:
        from ripresa.domain.coupons import pools
        from ripresa.usecases.coupons import keeping

        shop = find_shop(shop_slug)
        try:
            found = pools.get_pool(shop.id, name)
        except pools.NoSuchPool as wrong:
            raise Problem(str(wrong)) from None
        if not yes:
            typer.confirm(f"Throw away all codes left in {name!r}?", abort=True)
        dropped = keeping.throw_away(found, config.clock.now())
    typer.echo(f"{dropped:,} codes thrown away. What was given stays given.")


@app.command("stock")
def show_stock(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Say what is left in each pool."""
    with home.ready() as config:
        from ripresa.domain.coupons.operations import stock

        shop = find_shop(shop_slug)
        found = stock(shop_id=shop.id, now=config.clock.now())
    if as_json:
        typer.echo(json_text({"pools": [one._asdict() for one in found]}))
        return
    for one in found:
        if one.left is None:
            left = f"{one.code} for everybody{_until(one.expires_at, shop.timezone)}"
        else:
            left = f"{one.left:,} left" + (f", {one.expired:,} ended unused" if one.expired else "")
        low = f"  LOW: the mark is {one.low_water:,}" if one.is_low else ""
        typer.echo(f"{one.pool}  {left}, {one.given:,} given{low}")
    if not found:
        typer.echo(f"{shop_slug} has no pools.")


@app.command("cap")
def set_cap(
    duration: Annotated[
        str, typer.Argument(help="How long a person waits for her next coupon, as 30d; or off.")
    ],
    shop_slug: ShopSlug,
) -> None:
    """Give each person at most one new coupon in a time, over all scenarios and pools."""
    with home.ready():
        from ripresa.domain.scenarios.durations import NotADuration, parse_duration

        shop = find_shop(shop_slug)
        try:
            gap = None if duration == "off" else parse_duration(duration)
        except NotADuration as wrong:
            raise Problem(f"{wrong}, or off") from None
        if gap is not None and gap.months:
            raise Problem(f"months are not equally long: say {duration} in days, as 30d")
        shop.coupon_gap = gap and gap.at_least()
        shop.save(update_fields=["coupon_gap"])
    if gap is None:
        typer.echo(f"{shop_slug}: no cap. Each cart may earn a coupon.")
    else:
        typer.echo(f"{shop_slug}: one new coupon for a person in {gap}.")


def _until(instant: datetime | None, zone: str) -> str:
    return f", until {instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if instant else ""
