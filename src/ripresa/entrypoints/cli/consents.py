"""`ripresa consent`: what people agreed to, with proof; said on their behalf, and imported."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from ripresa.entrypoints.cli import home, tables
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.core.config import Config

app = typer.Typer(help="What people agreed to, with proof.", no_args_is_help=True)

Who = Annotated[
    str, typer.Argument(metavar="PERSON", help="E-mail address, phone as +39…, or customer:ID.")
]
OfShop = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
Channels = Annotated[str, typer.Option("--channel", help="email, sms, letter, or several: a,b.")]
Source = Annotated[str, typer.Option(help="Where she said so: a form, a call, a counter.")]
Text = Annotated[str, typer.Option(help="The words she agreed to.")]
Version = Annotated[str, typer.Option(help="The version of those words.")]
Ip = Annotated[str, typer.Option(help="From which IP address.")]
At = Annotated[str, typer.Option(help="When, like 2026-03-01T15:00; not given: now.")]
By = Annotated[str, typer.Option(help="Who writes it down: stands in the history.")]


class _Words(NamedTuple):
    """What she said, before it is known when."""

    states: dict[str, str]
    proof: Any
    at: str


@app.command()
def show(person: Who, shop_slug: OfShop, as_json: AsJson = False) -> None:
    """Tell what rules in each channel, the proof, and all that was ever said."""
    with home.ready():
        from ripresa.usecases.consent.tell_consent import tell_consent

        shop = find_shop(shop_slug)
        key = key_of(person)
        told = tell_consent(shop_id=shop.id, key=key)
        if told is None:
            raise Problem(f"nobody in {shop_slug} has the key {key}")
        if as_json:
            typer.echo(json_text(told.plain()))
            return
    for channel, state in told.states.items():
        typer.echo(f"{channel:7} {state}")
    for word in told.history:
        typer.echo(f"  {_line(word)}")


@app.command()
def grant(
    person: Who,
    shop_slug: OfShop,
    source: Source,
    text: Text = "",
    channel: Channels = "email",
    version: Version = "",
    ip: Ip = "",
    at: At = "",
    by: By = "command line",
    as_json: AsJson = False,
) -> None:
    """Record that she agreed, with proof. It lifts an unsubscribe that is older, and no suppression."""
    with home.ready() as config:
        proof = _proof(config, source, text, version, ip, by)
        words = _Words(_states(channel, "granted"), proof, at)
        _change(config, shop_slug, person, words, as_json=as_json)


@app.command()
def deny(
    person: Who,
    shop_slug: OfShop,
    source: Source = "told us",
    text: Text = "",
    channel: Channels = "email,sms,letter",
    at: At = "",
    by: By = "command line",
    as_json: AsJson = False,
) -> None:
    """Record that she does not want it; what is planned for her in those channels is cancelled."""
    with home.ready() as config:
        proof = _proof(config, source, text, "", "", by)
        words = _Words(_states(channel, "denied"), proof, at)
        _change(config, shop_slug, person, words, as_json=as_json)


@app.command("import")
def import_file(
    file: tables.File,
    shop_slug: OfShop,
    column: tables.Column = None,
    channel: Annotated[str, typer.Option(help="The channel, where no column says it.")] = "email",
    state: Annotated[str, typer.Option(help="granted or denied, where no column says it.")] = (
        "granted"
    ),
    source: Annotated[str, typer.Option(help="The source, where no column says it.")] = "import",
    text: Annotated[str, typer.Option(help="The words, where no column says them.")] = "",
    version: Version = "",
    at: Annotated[str, typer.Option(help="When it was said, where no column says it.")] = "",
    encoding: tables.Encoding = "",
    delimiter: tables.Delimiter = "",
    header: tables.Header = None,
    preview: tables.Preview = False,
    yes: tables.Yes = False,
    as_json: AsJson = False,
) -> None:
    """Import consents with their proof from a file. What would be stored is shown first."""
    way = tables.Way("consent", "consents", preview, not yes, as_json)
    with home.ready() as config:
        from ripresa.usecases.consent.import_consents import Defaults, open_consents
        from ripresa.usecases.tables.importing import NotImportable

        shop = find_shop(shop_slug)
        defaults = Defaults(channel, state, source, text, version, _instant(at, shop.timezone))
        try:
            found = open_consents(
                shop=shop,
                path=file,
                manner=tables.manner_of(
                    column=column, encoding=encoding, delimiter=delimiter, header=header
                ),
                defaults=defaults,
                now=config.clock.now(),
            )
        except NotImportable as wrong:
            raise Problem(str(wrong)) from None
        tables.settle(found, way)
    if not (preview or as_json):
        typer.echo("A worker takes them in, at once where one runs.")


def key_of(person: str) -> str:
    """The key somebody is known by. Raises Problem."""
    from ripresa.contracts.plain_values import is_id, normalise_email, normalise_phone

    text = person.strip()
    if text.startswith("customer:") and is_id(text.removeprefix("customer:")):
        return text
    if (email := normalise_email(text.removeprefix("email:"))) is not None:
        return f"email:{email}"
    if (phone := normalise_phone(text.removeprefix("phone:"))) is not None:
        return f"phone:{phone}"
    raise Problem(f"{person!r} is no e-mail address, no phone like +39…, and no customer:ID")


def _states(channels: str, state: str) -> dict[str, str]:
    return {one.strip(): state for one in channels.split(",") if one.strip()}


def _proof(config: "Config", source: str, text: str, version: str, ip: str, by: str) -> Any:
    from ripresa.core.ids import new_id
    from ripresa.domain.contacts.choices.consent import Proof

    event_id = f"by-hand:{new_id(config.clock.now())}"
    return Proof(source, text, event_id, version, ip, by)


def _instant(text: str, zone: str) -> datetime | None:
    from zoneinfo import ZoneInfo

    from ripresa.core.delimited.instants import NotAnInstant
    from ripresa.usecases.consent.import_consents import read_time

    if not text:
        return None
    try:
        return read_time(text, ZoneInfo(zone))
    except NotAnInstant as wrong:
        raise Problem(f"--at: {wrong}") from None


def _change(config: "Config", slug: str, person: str, said: "_Words", *, as_json: bool) -> None:
    from ripresa.usecases.consent.change_consent import NotAConsent, Said, change_consent
    from ripresa.usecases.consent.tell_consent import tell_consent
    from ripresa.usecases.fold_events import fold_shop

    shop, now, key = find_shop(slug), config.clock.now(), key_of(person)
    at = _instant(said.at, shop.timezone) or now
    try:
        holder = change_consent(
            shop_id=shop.id, key=key, said=Said(said.states, said.proof, at), now=now
        )
    except NotAConsent as wrong:
        raise Problem(str(wrong)) from None
    if holder is None:
        fold_shop(shop_id=shop.id, now=now)
    told = tell_consent(shop_id=shop.id, key=key)
    if as_json:
        typer.echo(json_text(told.plain() if told else {"key": key}))
    elif told is None:
        typer.echo(f"{key} is taken in by a worker, with what came before.")
    else:
        typer.echo(", ".join(f"{channel}: {state}" for channel, state in told.states.items()))


def _line(word: Any) -> str:
    proof = "" if word.proven else " (unconfirmed)"
    parts = [word.source, word.text and f"“{word.text}”", word.version, word.ip, word.by]
    rest = " · ".join(part for part in parts if part)
    return f"{word.at:%Y-%m-%d %H:%M} {word.channel} {word.state}{proof} · {rest}"
