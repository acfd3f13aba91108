"""`ripresa provider test`: whether an account works, before messages depend on it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ripresa.contracts.channel import Accepted, Channel, Channels, Fate
from ripresa.contracts.provider import BadSettings, MessageKind
from ripresa.core.secrets.box import CannotOpen
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.providers import Name, ShopSlug, find_account_of
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.registry import PROVIDERS

if TYPE_CHECKING:
    from datetime import datetime

    from ripresa.domain.shops.models import Shop

app = typer.Typer()


@app.command("test")
def try_account_out(
    name: Name,
    shop_slug: ShopSlug,
    to: Annotated[
        str, typer.Option(help="Send a test there too: an address or a number of yours.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a test is sent.")] = False,
    as_json: AsJson = False,
) -> None:
    """Sign in at the provider and send nothing; with --to, send a test, which costs as any message."""
    if as_json and to and not yes:
        raise Problem("--json does not ask: say --yes to send")
    with home.ready() as config:
        from ripresa.usecases.providers.provider_accounts import Accounts
        from ripresa.usecases.trials.try_account import try_out

        account = find_account_of(shop_slug, name)
        try:
            channel = Accounts(PROVIDERS).open(account)
        except (BadSettings, CannotOpen) as wrong:
            raise Problem(str(wrong)) from None
        try:
            tried = try_out(channel)
            _tell(name, tried.found if tried else None, as_json=as_json, is_quiet=bool(to))
            if tried is not None and not tried.is_good:
                raise Problem(f"{name} can't be used: {tried.found}")
            if to:
                shop = find_shop(shop_slug)
                fate = _send(account.kind, channel, shop, to, config.clock.now(), yes=yes)
                _tell_fate(name, fate, as_json=as_json)
        finally:
            channel.close()


def _send(
    kind: str,
    channel: Channel[Any],
    shop: "Shop",
    to: str,
    now: "datetime",
    *,
    yes: bool,
) -> Fate:
    from ripresa.domain.messages.links import own_letterhead
    from ripresa.usecases.templates import try_sms
    from ripresa.usecases.trials import try_account

    letterhead = own_letterhead()
    try:
        if kind == MessageKind.EMAIL:
            mail = try_account.make_test_mail(shop=shop, to=to, letterhead=letterhead, now=now)
            _confirm(
                f"Send a mail to {mail.recipient.address}? It costs what any mail does.", yes=yes
            )
            return try_account.send_mail(channel, mail)
        if kind == MessageKind.SMS:
            channels = Channels(channel, channel, channel)
            text = try_sms.sample_text(shop, "reminder", letterhead)
            seen = try_sms.look(
                shop=shop, to=to, text=text, letterhead=letterhead, channels=channels, now=now
            )
            parts = seen.count.segments
            _confirm(f"Send a text to {to}? It costs the credit of {parts} part(s).", yes=yes)
            return try_sms.send(seen, shop=shop, channels=channels)
    except try_sms.NotPossible as wrong:
        raise Problem(str(wrong)) from None
    raise Problem(f"no test can be sent by {kind}; for letters see `ripresa letter preview`")


def _confirm(question: str, *, yes: bool) -> None:
    if not yes:
        typer.confirm(question, abort=True)


def _tell(name: str, found: str | None, *, as_json: bool, is_quiet: bool) -> None:
    if as_json and is_quiet:
        return
    if as_json:
        typer.echo(json_text({"account": name, "tried": found is not None, "found": found}))
    elif found is None:
        typer.echo(f"{name}: its provider can't be asked without sending; --to sends a test.")
    else:
        typer.echo(f"{name}: {found}.")


def _tell_fate(name: str, fate: Fate, *, as_json: bool) -> None:
    detail = fate.receipt if isinstance(fate, Accepted) else fate.detail
    if as_json:
        typer.echo(json_text({"fate": type(fate).__name__.lower(), "detail": detail}))
    elif isinstance(fate, Accepted):
        typer.echo(f"Taken over: {detail}")
    if not isinstance(fate, Accepted):
        raise Problem(f"{name} did not take it: {detail}")
