"""`ripresa contact`: what may have to be put right about people."""

import json
from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="Put right who is who.", no_args_is_help=True)


@app.callback()
def _contact() -> None:
    """Put right who is who."""


@app.command()
def split(
    keys: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY...", help="What to take out: email:ada@example.test customer:7"
        ),
    ],
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    as_json: AsJson = False,
) -> None:
    """Take keys out of a person who is two: carts, orders and messages go with the key they came with."""
    with home.ready() as config:
        from ripresa.usecases import split_contact as use_case

        shop = find_shop(shop_slug)
        try:
            done = use_case.split_contact(shop_id=shop.id, keys=keys, now=config.clock.now())
        except use_case.CannotSplit as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(json.dumps({"taken_out": done.taken_out, "left_behind": done.left_behind}))
        return
    typer.echo(
        f"{', '.join(done.taken_out)} will be somebody else than {', '.join(done.left_behind)}, "
        "for good: a worker parts them with the next events it folds, at once where one runs."
    )
