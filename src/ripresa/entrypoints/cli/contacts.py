"""`ripresa contact`: what may have to be put right about people, and what they may ask for."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.consents import OfShop, Who, key_of
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(
    help="Put right who is who; tell and erase what is kept of somebody.", no_args_is_help=True
)

_NOBODY = "nobody is known as {}"


@app.callback()
def _contact() -> None:
    """Put right who is who; tell and erase what is kept of somebody."""


@app.command()
def split(
    keys: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY...", help="What to take out: email:ada@example.test customer:7"
        ),
    ],
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    as_json: AsJson = False,
) -> None:
    """Take keys out of a person who is two: carts, orders and messages go with the key they came with."""
    with home.ready() as config:
        from ripresa.usecases.contacts import split_contact as use_case

        shop = find_shop(shop_slug)
        try:
            done = use_case.split_contact(shop_id=shop.id, keys=keys, now=config.clock.now())
        except use_case.CannotSplit as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(json_text({"taken_out": done.taken_out, "left_behind": done.left_behind}))
        return
    typer.echo(
        f"{', '.join(done.taken_out)} will be somebody else than {', '.join(done.left_behind)}, "
        "for good: a worker parts them with the next events it folds, at once where one runs."
    )


@app.command("merge")
def merge(
    key: Annotated[str, typer.Argument(help="A key of the one: email:… or customer:….")],
    other: Annotated[str, typer.Argument(help="A key of the other.")],
    shop_slug: OfShop,
    preview: Annotated[bool, typer.Option("--preview", help="Tell, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make two people one; a worker does it with the next events it folds."""
    with home.ready() as config:
        from ripresa.usecases.contacts import merge_contacts as use_case

        shop = find_shop(shop_slug)
        pair = [_holder(shop.id, each) for each in (key, other)]
        asked = {"shop_id": shop.id, "contact_id": pair[0], "other_id": pair[1]}
        try:
            if preview:
                told = use_case.preview_merge(**asked)
            else:
                told = use_case.merge_contacts(**asked, now=config.clock.now())
        except use_case.CannotMerge as wrong:
            raise Problem(str(wrong)) from None
    rows = [
        {"id": str(side.contact.id), "keys": side.keys, "carts": side.carts,
         "orders": side.orders, "messages": side.messages}
        for side in told.sides
    ]  # fmt: skip
    if as_json:
        typer.echo(json_text({"stays": rows[0], "joins": rows[1], "refused": told.refused}))
        return
    for side in told.sides:
        has = f"{side.carts} carts, {side.orders} orders, {side.messages} messages"
        typer.echo(f"{', '.join(side.keys)}: {has}")
    if told.refused:
        typer.echo(f"A no holds for both: {', '.join(told.refused)}.")
    typer.echo("Nothing was changed." if preview else "They are one person in a moment.")


def _holder(shop_id: int, key: str) -> "UUID":
    """Who has that key."""
    from ripresa.domain.contacts import queries

    found = queries.holders_of_keys(shop_id, [key.strip()])
    if key.strip() not in found:
        raise Problem(f"nobody in this shop has the key {key}")
    return found[key.strip()]


@app.command("export")
def export_data(
    person: Who,
    shop_slug: OfShop,
    html: Annotated[bool, typer.Option("--html", help="A page to read instead of JSON.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where to write it; else it is printed.")] = None,
) -> None:
    """Tell everything that is kept of a person, from every table."""
    with home.ready() as config:
        from ripresa.usecases.personal_data.export import collect
        from ripresa.usecases.personal_data.readable import page_of

        shop = find_shop(shop_slug)
        data = collect(shop_id=shop.id, contact_id=_find(shop.id, person), now=config.clock.now())
        if data is None:
            raise Problem(f"nobody in {shop_slug} is known as {person}")
        plain = json_text(data.plain(), indent=1)
        text = page_of(data, shop.name, shop.language) if html else plain
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise Problem(f"{out} can't be written: {wrong.strerror}") from None
    typer.echo(f"Written to {out}.")


@app.command()
def erase(
    person: Who,
    shop_slug: OfShop,
    by: Annotated[str, typer.Option(help="Who does it: stands with the tombstone.")] = (
        "command line"
    ),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a person for good. The shop's figures stay; no import and no event brings her back."""
    if as_json and not yes:
        raise Problem("--json does not ask: say --yes to erase")
    with home.ready() as config:
        from ripresa.usecases.personal_data.erase import NobodyThere, erase_contact, erase_refusals

        shop, now, key = find_shop(shop_slug), config.clock.now(), key_of(person)
        if not yes:
            typer.confirm(f"Erase {person}? This can't be undone.", abort=True)
        contact_id = _known_as(shop.id, key)
        try:
            if contact_id is None:
                # Retention has let go of her, and kept what she refused.
                rows = erase_refusals(shop_id=shop.id, keys=[key], by=by, now=now)
            else:
                rows = erase_contact(shop_id=shop.id, contact_id=contact_id, by=by, now=now).rows
        except NobodyThere as wrong:
            raise Problem(str(wrong)) from None
    if contact_id is None and not rows:
        raise Problem(_NOBODY.format(person))
    if as_json:
        typer.echo(json_text({"erased": contact_id and str(contact_id), "rows": rows}))
        return
    typer.echo(f"{person} is erased: {sum(rows.values()):,} rows deleted or stripped.")


def _find(shop_id: int, person: str) -> UUID:
    """Who is known so. Raises Problem."""
    found = _known_as(shop_id, key_of(person))
    if found is None:
        raise Problem(_NOBODY.format(person))
    return found


def _known_as(shop_id: int, key: str) -> UUID | None:
    from ripresa.domain.contacts.queries import holders_of_keys

    return holders_of_keys(shop_id, [key]).get(key)
