"""`ripresa scenario`: what becomes of one that is live, and of what runs on it."""

from dataclasses import asdict
from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import Name, ShopSlug, find_scenario
from ripresa.entrypoints.cli.shops import AsJson

app = typer.Typer()


@app.command()
def pause(
    name: Name,
    shop_slug: ShopSlug,
    why: Annotated[str, typer.Option("--why", help="Kept, and shown with it.")] = "by hand",
) -> None:
    """Hold everything back that it has planned; nothing is lost."""
    with home.ready() as config:
        from ripresa.usecases.scenarios import activate_scenario as use_case

        found = find_scenario(name, shop_slug)
        try:
            use_case.pause(
                shop_id=found.shop_id, scenario_id=found.id, why=why, now=config.clock.now()
            )
        except use_case.NotPossible as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(f"{name!r} is paused.")


@app.command()
def resume(name: Name, shop_slug: ShopSlug) -> None:
    """Let a paused one go on: what is still due leaves, what is too late is skipped."""
    with home.ready() as config:
        from ripresa.usecases.scenarios import activate_scenario as use_case

        found = find_scenario(name, shop_slug)
        try:
            use_case.resume(shop_id=found.shop_id, scenario_id=found.id, now=config.clock.now())
        except use_case.NotPossible as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(f"{name!r} is live again.")


@app.command()
def end(
    name: Name,
    shop_slug: ShopSlug,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """End it for good: what it has planned is cancelled; its name and its trail stay."""
    with home.ready() as config:
        from ripresa.usecases.scenarios.activate_scenario import NotPossible
        from ripresa.usecases.scenarios.end_scenario import end_scenario

        found = find_scenario(name, shop_slug)
        if not yes:
            typer.confirm(f"End {name!r} for good?", abort=True)
        try:
            cancelled = end_scenario(
                shop_id=found.shop_id, scenario_id=found.id, now=config.clock.now()
            )
        except NotPossible as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(json_text({"cancelled": cancelled}))
    else:
        typer.echo(f"{name!r} has ended. Recoveries cancelled: {cancelled}.")


@app.command()
def versions(name: Name, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """How many recoveries run on which version, the newest first."""
    with home.ready():
        from ripresa.domain.scenarios.figures import version_figures

        found = version_figures(find_scenario(name, shop_slug))
    if as_json:
        typer.echo(json_text([one._asdict() for one in found]))
        return
    for one in found:
        typer.echo(
            f"version {one.number} of {one.published_at:%Y-%m-%d %H:%M} UTC: "
            f"{one.waiting} waiting, {one.active} with messages planned"
        )


@app.command()
def move(name: Name, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Move what runs on earlier versions to the newest; otherwise it finishes where it began."""
    with home.ready() as config:
        from ripresa.usecases.scenarios.move_recoveries import move_recoveries

        found = find_scenario(name, shop_slug)
        moved = move_recoveries(shop_id=found.shop_id, scenario_id=found.id, now=config.clock.now())
    if as_json:
        typer.echo(json_text(asdict(moved)))
        return
    typer.echo(
        f"Recoveries moved: {moved.recoveries}. Messages planned anew: {moved.replanned}, "
        f"added: {moved.added}, cancelled: {moved.cancelled}."
    )
    if moved.left_alone:
        typer.echo(f"{moved.left_alone} are just being sent to: ask again for them.")
