"""`ripresa pipeline`: the stages in which deals stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="The pipeline: the stages in which deals stand.", no_args_is_help=True)
stage = typer.Typer(help="Add, rename, move and remove stages.", no_args_is_help=True)
app.add_typer(stage, name="stage")

Key = Annotated[str, typer.Argument(help="The stage's key, as scenarios name it.")]
Before = Annotated[str, typer.Option(help="The key of the stage after it; none: at the end.")]


@app.command()
def show(
    shop_slug: ShopSlug,
    language: Annotated[
        str, typer.Option(help="en, it, ro, ru or de; the shop's if not said.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """The stages in their order, with the deals that stand in each."""
    with home.ready() as config:
        from ripresa.usecases.agents import edit_pipeline

        shop = find_shop(shop_slug)
        found = edit_pipeline.show(
            shop_id=shop.id, language=language or shop.language, now=config.clock.now()
        )
    if as_json:
        stages = [one._asdict() for one in found.stages]
        typer.echo(json_text({"key": found.key, "name": found.name, "stages": stages}))
        return
    typer.echo(found.name)
    for one in found.stages:
        meaning = "" if one.kind == "open" else f" = {one.kind}"
        typer.echo(f"{one.position}. {one.name} ({one.key}{meaning}), deals: {one.deals}")


@app.command()
def rename(
    name: Annotated[str, typer.Argument(help='Its name; "" for the one it ships with.')],
    shop_slug: ShopSlug,
    as_json: AsJson = False,
) -> None:
    """Give the pipeline one name in every language."""
    with home.ready() as config:
        from ripresa.usecases.agents import edit_pipeline

        shop = find_shop(shop_slug)
        edit_pipeline.rename_pipeline(shop_id=shop.id, name=name, now=config.clock.now())
    _done({"name": name}, "The pipeline is renamed.", as_json=as_json)


@stage.command("add")
def add_stage(
    key: Key,
    shop_slug: ShopSlug,
    name: Annotated[str, typer.Option(help="What people read, in every language.")],
    kind: Annotated[str, typer.Option(help="open, won or lost.")] = "open",
    before: Before = "",
    as_json: AsJson = False,
) -> None:
    """Add a stage."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import edit_pipeline

        edit_pipeline.add_stage(
            shop_id=find_shop(shop_slug).id,
            key=key,
            name=name,
            kind=kind,
            before=before or None,
            now=config.clock.now(),
        )
    _done({"key": key, "name": name, "kind": kind}, f"{key} is added.", as_json=as_json)


@stage.command("rename")
def rename_stage(
    key: Key,
    name: Annotated[str, typer.Argument(help='Its name; "" for the ones it ships with.')],
    shop_slug: ShopSlug,
    as_json: AsJson = False,
) -> None:
    """Give a stage one name in every language. Its key stays: scenarios go by that."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import edit_pipeline

        shop = find_shop(shop_slug)
        edit_pipeline.rename_stage(shop_id=shop.id, key=key, name=name, now=config.clock.now())
    _done({"key": key, "name": name}, f"{key} is renamed.", as_json=as_json)


@stage.command("move")
def move_stage(key: Key, shop_slug: ShopSlug, before: Before = "", as_json: AsJson = False) -> None:
    """Put a stage before another one, or at the end. By themselves deals only move on in this order."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import edit_pipeline

        edit_pipeline.move_stage(
            shop_id=find_shop(shop_slug).id,
            key=key,
            before=before or None,
            now=config.clock.now(),
        )
    _done({"key": key, "before": before or None}, f"{key} is moved.", as_json=as_json)


@stage.command("remove")
def remove_stage(key: Key, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Remove a stage in which no deal stands."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import edit_pipeline

        shop = find_shop(shop_slug)
        edit_pipeline.remove_stage(shop_id=shop.id, key=key, now=config.clock.now())
    _done({"removed": key}, f"{key} is removed.", as_json=as_json)


def _done(told: dict[str, str | None], sentence: str, *, as_json: bool) -> None:
    typer.echo(json_text(told) if as_json else sentence)


@contextmanager
def _wrong_is_told() -> Iterator[None]:
    """Inside `home.ready()`: what can't be done is one sentence."""
    from ripresa.domain.deals.stages import NotAStage, StageNeeded

    try:
        yield
    except (NotAStage, StageNeeded) as wrong:
        raise Problem(str(wrong)) from None
