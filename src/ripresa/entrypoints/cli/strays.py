"""What was heard and fits nothing: so that somebody can look why."""

from typing import Annotated, Any

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer()
mails = typer.Typer()

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
Most = Annotated[int, typer.Option("--most", min=1, max=1000, help="So many at most.")]


@app.command("refused")
def list_refused(shop_slug: ShopSlug, most: Most = 20, as_json: AsJson = False) -> None:
    """Calls of providers and shops that were not believed or could not be read, and why."""
    with home.ready():
        from ripresa.domain.connections.queries import list_connections
        from ripresa.domain.providers import calls, queries

        shop_id = find_shop(shop_slug).id
        named = {one.id: one.name for one in queries.list_accounts(shop_id)}
        named |= {one.id: one.name for one in list_connections(shop_id)}
        rows = [
            {
                "refused_at": one.refused_at and one.refused_at.isoformat(),
                "to": named.get(one.account_id, str(one.account_id)),
                "method": one.method,
                "detail": one.detail,
            }
            for one in calls.list_refused(shop_id, before=None, limit=most)
        ]
    _tell(rows, "No call was refused.", as_json=as_json)


@app.command("unmatched")
def list_unmatched(shop_slug: ShopSlug, most: Most = 20, as_json: AsJson = False) -> None:
    """What providers told that names no message of ours."""
    with home.ready():
        from ripresa.domain.messages import feedback

        rows = [
            {
                "occurred_at": one.occurred_at.isoformat(),
                "kind": one.kind,
                "recipient": one.recipient or "",
                "detail": one.text or one.detail,
            }
            for one in feedback.list_unmatched(find_shop(shop_slug).id, before=None, limit=most)
        ]
    _tell(rows, "Everything that was told names a message.", as_json=as_json)


@mails.command("unmatched")
def list_mails(shop_slug: ShopSlug, most: Most = 20, as_json: AsJson = False) -> None:
    """Mails that came back and were not understood, and why."""
    with home.ready():
        from ripresa.domain.mailroom import queries

        rows = [
            {
                "received_at": one.received_at.isoformat(),
                "outcome": one.outcome,
                "sender": one.sender,
                "detail": one.detail,
            }
            for one in queries.list_kept(find_shop(shop_slug).id, older_than=None, limit=most)
        ]
    _tell(rows, "Every mail was understood.", as_json=as_json)


def _tell(rows: list[dict[str, Any]], nothing: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json_text({"items": rows}))
    elif not rows:
        typer.echo(nothing)
    else:
        for row in rows:
            typer.echo("  ".join(str(value) for value in row.values()))
