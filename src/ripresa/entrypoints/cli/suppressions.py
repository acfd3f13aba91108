"""`ripresa suppression`: addresses never to be used."""

import sys
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from ripresa.entrypoints.cli import home, tables
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="Addresses never to be used.", no_args_is_help=True)

Address = Annotated[
    str, typer.Argument(help="E-mail address, number like +39…, or the SHA-256 of an address.")
]
OfShop = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
By = Annotated[str, typer.Option(help="Who does it: stands in the log.")]


@app.command()
def add(
    address: Address,
    shop_slug: OfShop,
    reason: Annotated[str, typer.Option(help="Why: stands in the log and on her page.")] = "",
    by: By = "command line",
    as_json: AsJson = False,
) -> None:
    """Put an address on the list: nothing goes there any more, whatever she consents to."""
    with home.ready() as config:
        from ripresa.domain.contacts.suppressions.by_hand import Deed
        from ripresa.usecases.consent import suppressions as use_case

        shop, now = find_shop(shop_slug), config.clock.now()
        try:
            entry = use_case.suppress_address(
                shop_id=shop.id, text=address, deed=Deed(by, reason), now=now
            )
        except use_case.NotAnAddress as wrong:
            raise Problem(str(wrong)) from None
    told = {"channel": entry.channel, "address": entry.address, "cause": entry.cause}
    typer.echo(json_text(told) if as_json else f"{address.strip()} is on the list.")


@app.command()
def remove(
    address: Address,
    shop_slug: OfShop,
    reason: Annotated[str, typer.Option(help="Why: stands in the log.")] = "",
    by: By = "command line",
    yes: tables.Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take an address off the list. A complaint or hard bounce is lifted only if you confirm it."""
    with home.ready() as config:
        from ripresa.domain.contacts.suppressions.by_hand import Deed
        from ripresa.usecases.consent import suppressions as use_case

        shop, now, deed = find_shop(shop_slug), config.clock.now(), Deed(by, reason)

        def lift(*, confirmed: bool) -> None:
            use_case.lift_suppression(
                shop_id=shop.id, text=address, deed=deed, confirmed=confirmed, now=now
            )

        try:
            try:
                lift(confirmed=yes)
            except use_case.NeedsConfirmation as grave:
                if as_json:
                    raise Problem(f"{grave}. Say --yes if you mean it") from None
                typer.confirm(f"{grave}. Take it off all the same?", abort=True)
                lift(confirmed=True)
        except (use_case.NotAnAddress, use_case.NotListed) as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(json_text({"removed": 1}) if as_json else f"{address.strip()} is off the list.")


@app.command("list")
def show(
    shop_slug: OfShop,
    most: Annotated[int, typer.Option(help="How many at most.", min=1)] = 100,
    as_json: AsJson = False,
) -> None:
    """The list, the oldest first, with causes; all of it: `export`."""
    with home.ready():
        from ripresa.domain.contacts.suppressions.by_hand import walk

        found = list(islice(walk(find_shop(shop_slug).id), most))
    if as_json:
        names = ("channel", "address", "cause", "detail", "created_at")
        rows = [{name: getattr(row, name) for name in names} for row in found]
        typer.echo(json_text(rows))
        return
    for row in found:
        typer.echo(
            f"{row.created_at:%Y-%m-%d}  {row.channel:5} {row.address}  {row.cause}  {row.detail}"
        )
    if not found:
        typer.echo("The list is empty.")


@app.command("import")
def import_file(
    file: tables.File,
    shop_slug: OfShop,
    column: tables.Column = None,
    channel: Annotated[str, typer.Option(help="Of digests: email or sms.")] = "email",
    cause: Annotated[
        str, typer.Option(help="manual, unsubscribed, complaint, hard_bounce, where none is said.")
    ] = "manual",
    reason: Annotated[str, typer.Option(help="Why, where no column says it.")] = "import",
    by: By = "command line",
    encoding: tables.Encoding = "",
    delimiter: tables.Delimiter = "",
    header: tables.Header = None,
    preview: tables.Preview = False,
    yes: tables.Yes = False,
    as_json: AsJson = False,
) -> None:
    """Put a file of addresses or digests on the list. What it holds is shown first."""
    way = tables.Way("address", "addresses", preview, not yes, as_json)
    with home.ready() as config:
        from ripresa.domain.contacts.suppressions.by_hand import Deed, Entry
        from ripresa.usecases.consent.suppressions import open_suppressions
        from ripresa.usecases.tables.importing import NotImportable

        try:
            found = open_suppressions(
                shop=find_shop(shop_slug),
                path=file,
                manner=tables.manner_of(
                    column=column, encoding=encoding, delimiter=delimiter, header=header
                ),
                defaults=Entry(channel, "", cause, reason),
                deed=Deed(by, f"import of {file.name}"),
                now=config.clock.now(),
            )
        except NotImportable as wrong:
            raise Problem(str(wrong)) from None
        tables.settle(found, way)


@app.command("export")
def export_file(
    file: Annotated[Path, typer.Argument(help="Where to write it; - for standard output.")],
    shop_slug: OfShop,
) -> None:
    """Write the whole list as CSV that can be imported again."""
    with home.ready():
        from ripresa.usecases.consent.suppressions import export_suppressions

        shop = find_shop(shop_slug)
        if str(file) == "-":
            export_suppressions(shop_id=shop.id, to=sys.stdout)
            return
        try:
            with file.open("w", encoding="utf-8", newline="") as to:
                count = export_suppressions(shop_id=shop.id, to=to)
        except OSError as wrong:
            raise Problem(f"{file} can't be written: {wrong.strerror}") from None
    typer.echo(f"{count:,} written to {file}.")
