"""`ripresa webhook`: who outside hears of what happens in a shop."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.instants import read_instant
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.domain.webhooks.models import WebhookEndpoint
    from ripresa.usecases.webhooks.endpoints import Made

app = typer.Typer(
    help="Webhooks out: tell other programs what happens in a shop.", no_args_is_help=True
)

Named = Annotated[str, typer.Argument(help="The endpoint's name.")]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", help="What it hears: a type, a family as in cart.*, or *; repeatable."),
]
_STATES = ("waiting", "delivered", "given_up")


@app.command("add")
def add_endpoint(
    name: Named,
    url: Annotated[str, typer.Argument(help="Where to call, https.")],
    shop_slug: ShopSlug,
    types: Types = None,
    as_json: AsJson = False,
) -> None:
    """Tell one more address what happens from now on. Prints the secret that signs, once."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.webhooks.endpoints import Endpoints

        made = Endpoints().add(
            shop_id=find_shop(shop_slug).id,
            name=name,
            url=url,
            patterns=types or (),
            now=config.clock.now(),
        )
    _show_secret(made, as_json=as_json)


@app.command("list")
def list_endpoints(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """All endpoints, what they hear, and how they stand."""
    with home.ready():
        from ripresa.domain.webhooks import endpoints, log

        rows = [
            _told(one) | log.count(one)._asdict()
            for one in endpoints.list_endpoints(find_shop(shop_slug).id)
        ]
    if as_json:
        typer.echo(json_text({"endpoints": rows}))
        return
    for row in rows:
        state = f"off: {row['off_reason']}" if row["state"] == "off" else row["state"]
        typer.echo(f"{row['name']}  {row['url']}  {', '.join(row['types'])}  {state}")
        typer.echo(f"  {row['waiting']} waiting, {row['given_up']} given up")
    if not rows:
        typer.echo(f"{shop_slug} tells nobody yet.")


@app.command("change")
def change_endpoint(
    name: Named,
    shop_slug: ShopSlug,
    url: Annotated[str | None, typer.Option(help="Another address.")] = None,
    types: Types = None,
) -> None:
    """Give it another address, or other types, from now on."""
    if url is None and not types:
        raise Problem("say what to change: --url or --type")
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.webhooks import endpoints

        found, now = _find(shop_slug, name), config.clock.now()
        endpoints.change(found, url=url, patterns=types, now=now)
    typer.echo(f"{name} is changed.")


@app.command("test")
def send_test(name: Named, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Tell it that nothing happened: a worker makes the call, and `deliveries` shows what came of it."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.webhooks import endpoints

        event_id = endpoints.send_test(_find(shop_slug, name), config.clock.now())
    typer.echo(
        json_text({"event": str(event_id)}) if as_json else f"A test is on its way: {event_id}"
    )


@app.command("rotate")
def rotate(
    name: Named,
    shop_slug: ShopSlug,
    overlap_hours: Annotated[
        int, typer.Option("--overlap", help="Hours for which the old secret signs as well.")
    ] = 24,
    as_json: AsJson = False,
) -> None:
    """Sign with a new secret, printed once; the old one signs as well for a while."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.webhooks.endpoints import Endpoints

        made = Endpoints().rotate(
            _find(shop_slug, name),
            overlap=timedelta(hours=overlap_hours),
            now=config.clock.now(),
        )
    _show_secret(made, as_json=as_json)


@app.command("pause")
def pause(name: Named, shop_slug: ShopSlug) -> None:
    """Call it no more; what happens meanwhile waits."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.webhooks import endpoints

        is_new = endpoints.pause(_find(shop_slug, name), now=config.clock.now())
    typer.echo(f"{name} is paused." if is_new else f"{name} was not called anyway.")


@app.command("resume")
def resume(name: Named, shop_slug: ShopSlug) -> None:
    """Call it again, also after it was switched off; what waited goes out at once."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.webhooks import endpoints

        is_new = endpoints.resume(_find(shop_slug, name), now=config.clock.now())
    typer.echo(f"{name} is called again." if is_new else f"{name} was called all the time.")


@app.command("remove")
def remove(name: Named, shop_slug: ShopSlug) -> None:
    """Forget it, with what it was to hear and the log of its calls."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.webhooks import endpoints

        endpoints.remove(_find(shop_slug, name), now=config.clock.now())
    typer.echo(f"{name} is forgotten.")


@app.command("deliveries")
def list_deliveries(
    name: Named,
    shop_slug: ShopSlug,
    state: Annotated[
        str | None, typer.Option(help="Only waiting, delivered or given_up ones.")
    ] = None,
    event: Annotated[
        str | None, typer.Option(help="One event: every call made for it, and what was told.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """What it was told, the latest first, and what came of it."""
    if state is not None and state not in _STATES:
        raise Problem(f"--state is {', '.join(_STATES)}, not {state!r}")
    with home.ready(), _wrong_is_told():
        from ripresa.domain.webhooks import log

        endpoint = _find(shop_slug, name)
        if event is not None:
            _show_event(endpoint, _event_id(event), as_json=as_json)
            return
        rows = log.list_deliveries(endpoint, state=state, before=None, limit=limit)
    if as_json:
        told = [row._asdict() for row in rows]
        typer.echo(json_text({"deliveries": told}))
        return
    for row in rows:
        came = row.status or row.problem or "not called yet"
        typer.echo(
            f"{row.event_id}  {row.happened_at:%Y-%m-%d %H:%M:%S}  {row.type}  {row.state}  "
            f"calls: {row.attempts}  {came}"
        )
    if not rows:
        typer.echo(f"{name} was told nothing of that kind.")


@app.command("replay")
def replay(
    name: Named,
    shop_slug: ShopSlug,
    event: Annotated[str | None, typer.Option(help="One event, by its id.")] = None,
    since: Annotated[str | None, typer.Option(help="What happened from this instant.")] = None,
    until: Annotated[str | None, typer.Option(help="And before this one; else until now.")] = None,
) -> None:
    """Tell it again, under the same ids: one event, or all that fits it in a time."""
    if (event is None) == (since is None):
        raise Problem("say what to tell again: --event, or --since and perhaps --until")
    with home.ready() as config, _wrong_is_told():
        from ripresa.domain.webhooks import log

        now = config.clock.now()
        endpoint = _find(shop_slug, name)
        if event is not None:
            count = int(log.replay_event(endpoint, _event_id(event), now))
        else:
            begin = read_instant("--since", since or "")
            end = now if until is None else read_instant("--until", until)
            count = log.replay_range(endpoint, begin, end, now)
    typer.echo(f"{name} is told {count} {'event' if count == 1 else 'events'} again.")


@app.command("schema")
def show_schema(
    happened: Annotated[str | None, typer.Argument(metavar="TYPE", help="One type.")] = None,
) -> None:
    """The JSON Schema of what is told, of one type or of all."""
    from ripresa.contracts.happenings.schema import every_schema, schema_of
    from ripresa.contracts.happenings.types import HappeningType

    if happened is None:
        typer.echo(json_text(every_schema(), indent=2))
        return
    try:
        typer.echo(json_text(schema_of(HappeningType(happened)), indent=2))
    except ValueError:
        there = ", ".join(HappeningType)
        raise Problem(f"there is no type {happened!r}; there are: {there}") from None


def _show_event(endpoint: "WebhookEndpoint", event_id: UUID, *, as_json: bool) -> None:
    from ripresa.domain.webhooks import log

    made = log.attempts_of(endpoint, [event_id])
    body = log.body_of(endpoint.shop_id, event_id)
    calls = [
        {
            "at": one.at,
            "milliseconds": one.milliseconds,
            "status": one.status,
            "problem": one.problem,
            "reply": one.reply,
        }
        for one in made
    ]
    if as_json:
        told = None if body is None else json.loads(body)
        typer.echo(json_text({"told": told, "calls": calls}))
        return
    typer.echo(body or "Nothing was told of it yet.")
    for one in made:
        typer.echo(
            f"{one.at:%Y-%m-%d %H:%M:%S}  {one.status or one.problem}  {one.milliseconds} ms  "
            f"{one.reply[:200]}"
        )


def _show_secret(made: "Made", *, as_json: bool) -> None:
    if as_json:
        typer.echo(json_text(_told(made.endpoint) | {"secret": made.secret}))
        return
    typer.echo(made.secret)
    typer.echo("This secret signs every call, and is not shown again.", err=True)


def _find(shop_slug: str, name: str) -> "WebhookEndpoint":
    from ripresa.usecases.webhooks.endpoints import get_endpoint

    return get_endpoint(shop_id=find_shop(shop_slug).id, name=name)


def _event_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(f"{text!r} is no id of an event: see webhook deliveries") from None


@contextmanager
def _wrong_is_told() -> Iterator[None]:
    from ripresa.core.secrets.box import CannotOpen
    from ripresa.domain.webhooks.endpoints import EndpointExists
    from ripresa.usecases.webhooks.endpoints import NoSuchEndpoint, NotAnEndpoint

    try:
        yield
    except (NotAnEndpoint, NoSuchEndpoint, EndpointExists, CannotOpen) as wrong:
        raise Problem(str(wrong)) from None


def _told(one: "WebhookEndpoint") -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "url": one.url,
        "types": one.patterns,
        "state": one.state,
        "off_reason": one.off_reason,
        "failing_since": one.failing_since,
        "arrived_at": one.arrived_at,
    }
