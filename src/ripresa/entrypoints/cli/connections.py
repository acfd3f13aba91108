"""`ripresa connect` and `ripresa connection`: the shops we hear from by themselves."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import Ability, Connector
from ripresa.core.config import Config
from ripresa.core.secrets.box import CannotOpen
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.provider_settings import settings_from
from ripresa.entrypoints.cli.providers import FromStdin, Given
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.registry import CONNECTORS

if TYPE_CHECKING:
    from ripresa.domain.connections.models import Connection

commands = typer.Typer()
app = typer.Typer(help="The shops we hear from.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The connection's name.")]
_MOST_SHOWN = 10


@commands.command("connect")
def connect(
    platform: Annotated[str, typer.Argument(help="shopify, woocommerce, medusa or billbee.")],
    shop_slug: ShopSlug,
    name: Annotated[str, typer.Option(help="What the shop calls it.")] = "",
    given: Given = None,
    stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Hear a shop from now on; prints the address for its webhooks.

    Secrets are asked for, read from standard input, or taken from RIPRESA_PROVIDER_<NAME>.
    """
    connector = connector_named(platform)
    settings = settings_from(connector, given or [], stdin=stdin, is_new=True)
    with home.ready() as config:
        from ripresa.domain.connections.operations import ConnectionExists
        from ripresa.usecases.connected.connecting import Wanted, connect_shop
        from ripresa.usecases.connections import Connections

        shop = find_shop(shop_slug)
        try:
            made = connect_shop(
                Connections(CONNECTORS),
                config,
                Wanted(platform, name, settings),
                shop_id=shop.id,
                now=config.clock.now(),
            ).connection
        except BadSettings as wrong:
            raise Problem(str(wrong)) from None
        except ConnectionExists as taken:
            raise Problem(f"{shop_slug} has a connection {taken} already: give --name") from None
        row = _told(made, connector, config)
    if as_json:
        typer.echo(json_text(row))
    else:
        _say(row, connector)


def _say(row: Mapping[str, Any], connector: Connector) -> None:
    typer.echo(f"{row['name']} is connected: {', '.join(row['can'])}.")
    if row["install_url"]:
        typer.echo("Open this address in a browser, and let Ripresa into the shop:")
        typer.echo(f"  {row['install_url']}")
    webhooks = row["webhooks"]
    if webhooks.get("made") or webhooks.get("kept"):
        there = [*webhooks.get("made", ()), *webhooks.get("kept", ())]
        typer.echo(f"The shop calls us about {', '.join(there)}.")
    elif row["webhook_url"]:
        typer.echo(f"Tell the shop to call this address, for {', '.join(connector.topics)}:")
        typer.echo(f"  {row['webhook_url']}")
    for trouble in _troubles(row):
        typer.echo(f"Mind: {trouble}")
    if row["cannot"]:
        typer.echo(f"{connector.label} can't do: {', '.join(row['cannot'])}.")


def _troubles(row: Mapping[str, Any]) -> list[str]:
    """What the user has to know of a connection, in sentences."""
    webhooks = row["webhooks"]
    found = [*webhooks.get("problems", ()), *webhooks.get("warnings", ())]
    return [*found, webhooks["trouble"]] if webhooks.get("trouble") else found


@app.command("list")
def list_connections(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """The connections of a shop: what was heard, what only asking found, what was left out."""
    with home.ready() as config:
        from ripresa.domain.connections import queries

        rows = [
            _told(one, CONNECTORS.get(one.platform), config)
            for one in queries.list_connections(find_shop(shop_slug).id)
        ]
    if as_json:
        typer.echo(json_text({"connections": rows}))
        return
    for row in rows:
        state = f"closed: {row['closed_reason']}" if row["closed_at"] else row["trouble"] or "open"
        counted = f"{row['heard']} heard, {row['missed']} found by asking, {row['refused']} refused"
        typer.echo(f"{row['name']}  {row['platform']}  {counted}  {state}")
        for trouble in _troubles(row):
            typer.echo(f"  {trouble}")
    if not rows:
        typer.echo(f"{shop_slug} has no connections.")


@app.command("show")
def show(name: Name, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Show a connection, its latest problems, and the calls that were not believed."""
    with home.ready() as config:
        from ripresa.domain.providers import calls

        found = find_row(shop_slug, name)
        row = _told(found, CONNECTORS.get(found.platform), config) | {
            "problems": found.problems,
            "not_believed": [
                {"at": one.received_at.isoformat(), "reason": one.detail}
                for one in calls.latest_refused(found.shop_id, found.id, _MOST_SHOWN)
            ],
        }
    if as_json:
        typer.echo(json_text(row))
        return
    for key, value in row.items():
        if isinstance(value, list):
            for each in value:
                said = " ".join(map(str, each.values())) if isinstance(each, dict) else each
                typer.echo(f"{key}: {said}")
        elif isinstance(value, dict):
            for part, each in value.items():
                typer.echo(f"{key}.{part}: {', '.join(each) if isinstance(each, list) else each}")
        elif value not in (None, ""):
            typer.echo(f"{key}: {value}")


@app.command("change")
def change(name: Name, shop_slug: ShopSlug, given: Given = None, stdin: FromStdin = False) -> None:
    """Change what is given; the rest stays. A secret is changed by --stdin or its environment variable."""
    with home.ready() as config:
        from ripresa.usecases.connections import Connections

        found = find_row(shop_slug, name)
        settings = settings_from(
            connector_named(found.platform), given or [], stdin=stdin, is_new=False
        )
        try:
            Connections(CONNECTORS).change(found, settings, config.clock.now())
        except (BadSettings, CannotOpen) as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(f"{name} is changed." if settings else f"Nothing was given: {name} is as it was.")


@app.command("close")
def close(
    name: Name,
    shop_slug: ShopSlug,
    reason: Annotated[str, typer.Option(help="Why, for those who read it.")] = "closed by hand",
) -> None:
    """Hear no more of a shop by this connection. What was heard stays."""
    with home.ready() as config:
        from ripresa.usecases.connections import disconnect

        was_open = disconnect(find_row(shop_slug, name), reason=reason, now=config.clock.now())
    typer.echo(f"{name} is closed." if was_open else f"{name} was closed already.")


def connector_named(platform: str) -> Connector:
    """The connector of that name. Raises Problem."""
    if platform not in CONNECTORS:
        there = ", ".join(sorted(CONNECTORS))
        raise Problem(f"there is no connector {platform!r}; there are: {there}")
    return CONNECTORS[platform]


def find_row(shop_slug: str, name: str) -> "Connection":
    """The connection of that name. Raises Problem."""
    from ripresa.usecases.connections import NoSuchConnection, find_connection

    try:
        return find_connection(shop_id=find_shop(shop_slug).id, name=name)
    except NoSuchConnection as wrong:
        raise Problem(str(wrong)) from None


def _told(connection: "Connection", connector: Connector | None, config: Config) -> dict[str, Any]:
    """A connection as programs read it: of its secrets nothing."""
    from ripresa.domain.connections import queries
    from ripresa.usecases.connected.installing import install_url
    from ripresa.usecases.connected.limits import cannot
    from ripresa.usecases.connections import hook_url

    can = connector.can if connector else frozenset[Ability]()
    lacking = cannot(connection, CONNECTORS)
    return {
        "id": str(connection.id),
        "name": connection.name,
        "platform": connection.platform,
        "webhook_url": hook_url(connection, connector, config) if connector else None,
        "install_url": install_url(connection, connector, config) if connector else None,
        "topics": list(connector.topics) if connector else [],
        "can": sorted(one.value for one in can),
        "cannot": [one.value for one in lacking],
        "settings": connection.settings,
        "heard": connection.heard,
        "missed": connection.missed,
        "refused": connection.refused,
        "last_heard_at": _iso(connection.last_heard_at),
        "asked_until": _iso(connection.asked_until) if connection.ask_at else None,
        "trouble": connection.trouble,
        "webhooks": {name: one for name, one in connection.standing.items() if name != "said"},
        "unread": len(queries.unread_calls_of(connection)),
        "history": history_of(connection),
        "closed_at": _iso(connection.closed_at),
        "closed_reason": connection.closed_reason,
    }


def history_of(connection: "Connection") -> dict[str, Any]:
    """How far the history that was asked for last has been told."""
    from ripresa.domain.connections import history

    filling = history.latest(connection)
    if filling is None:
        return {}
    return {
        "since": _iso(filling.since),
        "told_until": _iso(filling.until),
        "finished_at": _iso(filling.finished_at),
        "pages": filling.pages,
        "heard": filling.heard,
        "known": filling.known,
        "refused": filling.refused,
        "trouble": filling.trouble,
    }


def _iso(instant: Any) -> str | None:
    return None if instant is None else instant.isoformat()
