"""`ripresa sender`: who mails come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.domain.messages.models import Sender

app = typer.Typer(help="Who mails come from.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="The sender's address or name.")]
Name = Annotated[str, typer.Option(help="The name that readers see.")]
ReplyTo = Annotated[str, typer.Option(help="Where replies go, if not to the sender.")]


@app.command("add")
def add_sender(
    email: Annotated[str, typer.Argument(help="Its address.")],
    shop_slug: ShopSlug,
    name: Name,
    reply_to: ReplyTo = "",
    as_json: AsJson = False,
) -> None:
    """Store a sender. A scenario says `sender: its address or name`."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.domain.messages.senders import NewSender
        from ripresa.usecases.providers import stored_senders

        made = stored_senders.add_sender(
            shop_id=find_shop(shop_slug).id,
            sender=NewSender(email.strip(), name.strip(), reply_to.strip()),
            now=config.clock.now(),
        )
    typer.echo(json_text(_told(made)) if as_json else f"{email} is a sender of {shop_slug} now.")


@app.command("list")
def list_senders(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """All senders; agents in whose name mails went among them."""
    with home.ready():
        from ripresa.domain.messages import senders

        rows = [_told(one) for one in senders.list_senders(find_shop(shop_slug).id)]
    if as_json:
        typer.echo(json_text({"senders": rows}))
        return
    for row in rows:
        state = f"held: {row['paused_reason']}" if row["paused_at"] else "sending"
        reply = f"  replies to {row['reply_to']}" if row["reply_to"] else ""
        typer.echo(f"{row['email']}  {row['name']}{reply}  {state}")
    if not rows:
        typer.echo(f"{shop_slug} has no senders yet.")


@app.command("change")
def change_sender(
    named: Named,
    shop_slug: ShopSlug,
    name: Annotated[str | None, typer.Option(help="The name that readers see.")] = None,
    reply_to: Annotated[
        str | None, typer.Option(help="Where replies go; empty: to the sender.")
    ] = None,
) -> None:
    """Change name or reply-to: mails composed from now on have them."""
    if name is None and reply_to is None:
        raise Problem("say what to change: --name or --reply-to")
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.providers import stored_senders

        sender = _find(shop_slug, named)
        stored_senders.change_sender(sender, name=name, reply_to=reply_to, now=config.clock.now())
    typer.echo(f"{sender.email} is changed.")


@app.command("pause")
def pause_sender(
    named: Named,
    shop_slug: ShopSlug,
    reason: Annotated[str, typer.Option(help="Why, for those who read it.")] = "held by hand",
) -> None:
    """Hold what would leave under a sender. Nothing planned is lost."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.providers import stored_senders

        sender = _find(shop_slug, named)
        is_new = stored_senders.pause_sender(sender, reason, now=config.clock.now())
    typer.echo(f"{sender.email} is held." if is_new else f"{sender.email} was held already.")


@app.command("resume")
def resume_sender(named: Named, shop_slug: ShopSlug) -> None:
    """Let a sender send again; what waited is due at once."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.providers import stored_senders

        sender = _find(shop_slug, named)
        was_held = stored_senders.resume_sender(sender, now=config.clock.now())
    typer.echo(f"{sender.email} sends again." if was_held else f"{sender.email} was not held.")


@app.command("remove")
def remove_sender(named: Named, shop_slug: ShopSlug) -> None:
    """Forget a sender that has sent nothing and that no scenario names."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.providers import stored_senders

        sender = _find(shop_slug, named)
        stored_senders.remove_sender(sender, now=config.clock.now())
    typer.echo(f"{sender.email} is forgotten.")


def _find(shop_slug: str, named: str) -> "Sender":
    from ripresa.domain.messages import senders

    return senders.get_sender(shop_id=find_shop(shop_slug).id, named=named)


@contextmanager
def _wrong_is_told() -> Iterator[None]:
    from ripresa.domain.messages.senders import NoSuchSender, SenderExists, SenderInUse
    from ripresa.usecases.providers.stored_senders import NotASender

    try:
        yield
    except (NoSuchSender, SenderExists, SenderInUse, NotASender) as wrong:
        raise Problem(str(wrong)) from None


def _told(one: "Sender") -> dict[str, Any]:
    return {
        "id": str(one.id),
        "email": one.email,
        "name": one.name,
        "reply_to": one.reply_to,
        "paused_at": one.paused_at and one.paused_at.isoformat(),
        "paused_reason": one.paused_reason,
    }
