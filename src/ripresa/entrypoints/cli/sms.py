"""`ripresa sms`: what short messages cost, before one is sent."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ripresa.contracts.channel import Accepted, Channels, Fate
from ripresa.contracts.sms import folding, text
from ripresa.contracts.sms.sending import HasSenders
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.core.config import Config
    from ripresa.domain.shops.models import Shop
    from ripresa.domain.templates.longest import LongestSms
    from ripresa.usecases.templates.try_sms import TestSms

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]

app = typer.Typer(help="Short messages: what they cost, and a try.", no_args_is_help=True)


@app.command()
def count(
    words: Annotated[str, typer.Argument(metavar="TEXT", help="The text; - reads it from stdin.")],
    transliterate: Annotated[
        str,
        typer.Option(
            metavar="LANGUAGE", help="Count it as written in the GSM alphabet: it, ro, ru …"
        ),
    ] = "",
    fields: Annotated[
        str,
        typer.Option(
            metavar="LANGUAGE", help="Its merge fields count at their longest in this language."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """How many parts a text takes: each is paid for."""
    given = _from_stdin() if words == "-" else words
    if fields:
        _count_with_fields(given, fields, as_json=as_json)
        return
    before = text.count(given)
    answer = asdict(before)
    if transliterate:
        folded = folding.fold(given, transliterate)
        answer = {**asdict(text.count(folded)), "text": folded, "before": asdict(before)}
    if as_json:
        typer.echo(json_text(answer))
        return
    if transliterate:
        typer.echo(f"{answer['text']}\nbefore: {_sentence(before)}")
        before = text.count(answer["text"])
    typer.echo(_sentence(before))


@app.command()
def cost(
    template: Annotated[str, typer.Argument(help="What it says: reminder, last_reminder …")],
    shop_slug: ShopSlug,
    languages: Annotated[
        list[str] | None, typer.Option("--language", help="Only this one; once for each.")
    ] = None,
    coupon: Annotated[str, typer.Option(help="The pool that its coupon comes from.")] = "",
    as_json: AsJson = False,
) -> None:
    """How many parts a template takes at most: every field at its longest, links and coupon included."""
    with home.ready():
        from ripresa.domain.coupons.pools import NoSuchPool
        from ripresa.domain.messages.links import own_letterhead
        from ripresa.usecases.templates import count_sms

        try:
            found = count_sms.count_longest(
                shop=find_shop(shop_slug),
                template=template,
                languages=languages or (),
                pool=coupon,
                letterhead=own_letterhead(),
            )
        except (count_sms.NoSuchTemplate, NoSuchPool) as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(json_text([asdict(one) for one in found]))
        return
    for one in found:
        _tell_longest(one)


@app.command("test")
def send_test(
    shop_slug: ShopSlug,
    to: Annotated[str, typer.Option(help="A number of yours: +393331234567.")],
    template: Annotated[str, typer.Option(help="What it says.")] = "reminder",
    words: Annotated[
        str, typer.Option("--text", help="These words in place of a template's.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send one short message as a test. It costs credit: how much is told first, then it asks."""
    if as_json and not yes:
        raise Problem("--json does not ask: say --yes to send")
    with home.ready() as config:
        from ripresa.domain.messages.links import own_letterhead
        from ripresa.usecases.templates import try_sms

        shop = find_shop(shop_slug)
        try:
            with _channels(shop, config) as channels:
                seen = try_sms.look(
                    shop=shop,
                    to=to,
                    text=words or try_sms.sample_text(shop, template, own_letterhead()),
                    letterhead=own_letterhead(),
                    channels=channels,
                    now=config.clock.now(),
                )
                if not as_json:
                    _show(seen)
                if not yes:
                    typer.confirm("Send it?", abort=True)
                fate = try_sms.send(seen, shop=shop, channels=channels)
        except try_sms.NotPossible as wrong:
            raise Problem(str(wrong)) from None
    _tell(seen, fate, as_json=as_json)


@app.command()
def senders(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """The names and numbers that the shop's account may send under."""
    with home.ready() as config, _channels(find_shop(shop_slug), config) as channels:
        channel = channels.sms
        named = None
        if isinstance(channel, HasSenders):
            named = channel.senders(timeout=timedelta(seconds=10))
    if named is None:
        raise Problem(f"{channel.name} does not tell which senders there are")
    typer.echo(json_text({"senders": named}) if as_json else "\n".join(named) or "none yet")


def _count_with_fields(words: str, language: str, *, as_json: bool) -> None:
    # It takes half a second to load, and most counts have no use for it.
    from ripresa.domain.templates.errors import TemplateError
    from ripresa.domain.templates.longest import count_text

    try:
        found = count_text(words, language)
    except TemplateError as wrong:
        raise Problem(str(wrong)) from None
    if as_json:
        told = {**asdict(found.usual), "text": found.text, "most": asdict(found.most)}
        typer.echo(json_text(told))
        return
    _tell_longest(found)


def _tell_longest(found: "LongestSms") -> None:
    typer.echo(f"{found.language}: {_sentence(found.usual)}")
    if found.most.segments > found.usual.segments:
        typer.echo(f"    with a letter of a name outside the GSM alphabet: {_sentence(found.most)}")


@contextmanager
def _channels(shop: "Shop", config: "Config") -> Iterator[Channels]:
    """The channels of a shop, as its worker has them."""
    from ripresa.entrypoints import registry
    from ripresa.usecases.providers.provider_accounts import Accounts
    from ripresa.usecases.shop_channels import ShopChannels

    shops = ShopChannels(Accounts(registry.PROVIDERS), registry.install_channels(config))
    try:
        yield shops.of(shop.id, config.clock.now())
    finally:
        shops.close()


def _show(seen: "TestSms") -> None:
    typer.echo(f"{seen.outgoing.text}\n")
    typer.echo(f"To {seen.outgoing.recipient} by {seen.provider}: {_sentence(seen.count)}")
    if not seen.is_real:
        typer.echo("The shop has no account for SMS: it is recorded, and reaches nobody.")
        return
    parts = seen.count.segments
    left = f" {seen.balance.amount} {seen.balance.unit} is left." if seen.balance else ""
    price = f", {seen.price.decimal():f} {seen.price.currency}" if seen.price else ""
    typer.echo(f"This costs the credit of {parts} part{'' if parts == 1 else 's'}{price}.{left}")


def _tell(seen: "TestSms", fate: Fate, *, as_json: bool) -> None:
    detail = fate.receipt if isinstance(fate, Accepted) else fate.detail
    if as_json:
        told: dict[str, Any] = {"fate": type(fate).__name__.lower(), "detail": detail}
        typer.echo(json_text({**told, "text": seen.outgoing.text, **asdict(seen.count)}))
    elif isinstance(fate, Accepted):
        typer.echo(f"Taken over by {seen.provider}: {detail}")
    if not isinstance(fate, Accepted):
        raise Problem(f"{seen.provider} did not take it: {detail}")


def _sentence(found: text.SmsCount) -> str:
    most = (
        found.encoding.units_alone
        if found.segments <= 1
        else found.encoding.units_per_part * found.segments
    )
    parts = "1 part" if found.segments == 1 else f"{found.segments} parts"
    return (
        f"{parts}, {found.encoding}: {found.units} of {most} units, {found.characters} characters"
    )


def _from_stdin() -> str:
    """All of stdin as UTF-8, without the line end that a shell's `echo` adds."""
    try:
        given = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise Problem("what came on stdin is no UTF-8") from None
    return given.removesuffix("\n")
