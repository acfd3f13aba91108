"""`ripresa retention`: for how long data is kept, and what would go."""

from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer()


@app.command()
def retention(
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    keep: Annotated[
        list[str] | None, typer.Option(help="KIND=DAYS; 0 keeps it for ever. May be repeated.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would go now; nothing does.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show or set for how long data is kept. Workers let go of what is older, by themselves."""
    with home.ready() as config:
        from ripresa.domain.shops.retention import LIMITS, limits_of
        from ripresa.usecases.retention import keeping
        from ripresa.usecases.retention.limits import NotALimit, set_limits

        shop = find_shop(shop_slug)
        if keep:
            try:
                set_limits(shop_id=shop.id, days=dict(map(_limit, keep)), now=config.clock.now())
            except NotALimit as wrong:
                raise Problem(str(wrong)) from None
            shop.refresh_from_db()
        days = limits_of(shop)
        counts = keeping.count_all(shop, config.clock.now()) if dry_run else {}
    if as_json:
        typer.echo(json_text({"days": days, **({"would_go": counts} if dry_run else {})}))
        return
    for kind, number in days.items():
        for_how_long = f"{number} days" if number else "for ever"
        typer.echo(f"{kind:9} {for_how_long:10} {LIMITS[kind].what}")
    for kind, count in counts.items():
        typer.echo(f"would go now: {count:,} {kind}")


def _limit(text: str) -> tuple[str, int]:
    kind, sign, days = text.partition("=")
    if not sign or not days.strip().isdecimal():
        raise Problem(f"--keep is KIND=DAYS, like contents=180, not {text!r}")
    return kind.strip(), int(days)
