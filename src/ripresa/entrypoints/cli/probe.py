"""`ripresa probe`: send a cart as a page does, and see whether it arrives."""

from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer()


@app.command("probe")
def probe(
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    key: Annotated[str, typer.Option(help="The shop's public key, pk_…")],
    within: Annotated[float, typer.Option(min=1, max=600, help="Seconds to wait for it.")] = 30.0,
    as_json: AsJson = False,
) -> None:
    """Send one cart as a page does, and wait until it is here. It counts in no figure."""
    with home.ready() as config, home.screen.status("Waiting for the probe …"):
        from ripresa.usecases.health.probing import DidNotArrive
        from ripresa.usecases.health.probing import probe as send

        try:
            found = send(
                shop=find_shop(shop_slug),
                key=key,
                public_url=config.public_url,
                within=within,
                now_text=config.clock.now().isoformat(),
            )
        except DidNotArrive as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(json_text({"answered": found.answered, "folded": found.folded}))
    else:
        typer.echo(f"Answered after {found.answered:.2f} s, here after {found.folded:.2f} s.")
