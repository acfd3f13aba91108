"""`ripresa shop tracking`: whether a shop's mails tell of clicks and opens."""

from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.shops import find_shop

app = typer.Typer()


@app.command()
def tracking(
    slug: Annotated[str, typer.Argument(help="The shop's short name.")],
    clicks: Annotated[
        bool | None, typer.Option("--clicks/--no-clicks", help="Lead links of mails by way of us.")
    ] = None,
    opens: Annotated[
        bool | None, typer.Option("--opens/--no-opens", help="Add a picture that tells of opens.")
    ] = None,
) -> None:
    """Switch the tracking of clicks and opens on or off, for messages composed from now on."""
    said = {"track_clicks": clicks, "track_opens": opens}
    with home.ready():
        from ripresa.domain.shops.models import Shop

        shop = find_shop(slug)
        changed = {column: value for column, value in said.items() if value is not None}
        if changed:
            Shop.objects.filter(id=shop.id).update(**changed)
            shop.refresh_from_db()
    for what, is_on in (("Clicks", shop.track_clicks), ("Opens", shop.track_opens)):
        typer.echo(f"{what} are {'tracked' if is_on else 'not tracked'}.")
