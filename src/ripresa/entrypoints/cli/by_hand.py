"""`ripresa send`: one message for one cart, by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.usecases.send_by_hand import Look, Wanted

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class _Manner:
    """What to do, and how to say it."""

    only_look: bool
    ask: bool
    as_json: bool


@app.command()
def send(
    cart: Annotated[str, typer.Argument(help="The cart's id, or the token the shop knows it by.")],
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    template: Annotated[str, typer.Option(help="What it says: reminder, last_reminder …")],
    channel: Annotated[str, typer.Option(help="email, sms or letter.")] = "email",
    coupon: Annotated[str, typer.Option(help="The pool that its coupon comes from.")] = "",
    override: Annotated[
        str, typer.Option(help="caps, quiet_hours or both with a comma: is logged with your name.")
    ] = "",
    by: Annotated[str, typer.Option(help="Who sends it: stands in the trail.")] = "command line",
    preview: Annotated[
        bool, typer.Option("--preview", help="Only tell what stands against it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send one message for one cart by hand. What stands against it is told first."""
    if as_json and not yes and not preview:
        raise Problem("--json does not ask: say --yes to send, or --preview to look only")
    with home.ready() as config:
        from ripresa.usecases.send_by_hand import Wanted

        shop_id = find_shop(shop_slug).id
        overrides = tuple(sorted({one.strip() for one in override.split(",") if one.strip()}))
        wanted = Wanted(_cart_id(shop_id, cart), template, by, channel, coupon or None, overrides)
        _settle(shop_id, wanted, config.clock.now(), _Manner(preview, not yes, as_json))


def _settle(shop_id: int, wanted: "Wanted", now: datetime, manner: _Manner) -> None:
    """Tell what stands against it; send it if that is wanted, and possible."""
    from ripresa.usecases.send_by_hand import look, send_by_hand

    message_id = None
    with _problems():
        seen = look(shop_id=shop_id, wanted=wanted, now=now)
        if not manner.as_json:
            _show(seen, wanted)
        if seen.is_possible and not manner.only_look:
            if manner.ask:
                typer.confirm("Send it?", abort=True)
            message_id, seen = send_by_hand(shop_id=shop_id, wanted=wanted, now=now)
    if manner.as_json:
        typer.echo(json_text(_told(seen, message_id)))
    elif message_id is not None:
        typer.echo(f"Planned as {message_id}: ripresa explain tells what becomes of it.")
    if not seen.is_possible:
        raise Problem("this can't be sent by hand")


def _cart_id(shop_id: int, named: str) -> UUID:
    """The cart of that id or token. Raises Problem."""
    from ripresa.domain.carts.queries import find_cart_by_token

    try:
        return UUID(named)
    except ValueError:
        found = find_cart_by_token(shop_id, named) if "\x00" not in named else None
    if found is None:
        raise Problem(f"there is no cart with the id or token {named!r}")
    return found.id


def _show(seen: "Look", wanted: "Wanted") -> None:
    from ripresa.console.layout.reasons import sentence

    if seen.to:
        typer.echo(f"{wanted.template} by {wanted.channel} to {seen.to}")
    for one in seen.obstacles:
        said = f"{sentence(one.reason.value)} [{one.reason.value}]"
        if one.until is None:
            typer.echo(f"Not possible: {said}")
            continue
        free = f"; --override {one.override} sends it now" if one.override else ""
        typer.echo(f"Held until {one.until:%Y-%m-%d %H:%M:%S}Z at least: {said}{free}")
    if not seen.obstacles:
        typer.echo("Nothing stands against it.")
    if wanted.overrides:
        typer.echo(f"Overridden, and logged for {wanted.asked_by}: {', '.join(wanted.overrides)}")


def _told(seen: "Look", message_id: UUID | None) -> dict[str, object]:
    return {
        "message_id": message_id,
        "is_possible": seen.is_possible,
        "to": seen.to,
        "language": seen.language,
        "obstacles": [
            {"reason": one.reason.value, "until": one.until, "override": one.override}
            for one in seen.obstacles
        ],
    }


@contextmanager
def _problems() -> Iterator[None]:
    """What the use case refuses, in a sentence."""
    from ripresa.domain.coupons.pools import NoSuchPool
    from ripresa.usecases import send_by_hand as use_case

    try:
        yield
    except use_case.NoSuchCart as wrong:
        raise Problem(f"there is no cart with the id or token {str(wrong)!r}") from None
    except (use_case.NobodyThere, use_case.NotAsked, use_case.NotPossible, NoSuchPool) as wrong:
        raise Problem(str(wrong)) from None
