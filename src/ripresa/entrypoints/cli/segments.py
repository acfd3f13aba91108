"""`ripresa segment`: save conditions over people, and see whom they have."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.files import read_text
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.domain.segments.reading import SegmentFile
    from ripresa.domain.shops.models import Shop

app = typer.Typer(help="Segments: people chosen by a saved condition.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="A segment file, YAML.")]


@app.command()
def save(file: File, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Store a segment under its name; one of that name is changed."""
    text = read_text(file)
    with home.ready() as config:
        from ripresa.usecases.segments import keep

        shop = find_shop(shop_slug)
        read = _read(text, str(file), shop)
        keep.save_by_name(shop_id=shop.id, segment=read, text=text, now=config.clock.now())
    typer.echo(json_text({"name": read.name}) if as_json else f"{read.name!r} is saved.")


@app.command("list")
def list_segments(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """The segments of a shop, each with its people as of now."""
    with home.ready() as config:
        from ripresa.domain.segments import queries
        from ripresa.domain.segments.models import Segment

        shop, now = find_shop(shop_slug), config.clock.now()
        found = {
            one.name: queries.count(shop.id, queries.condition_of(one), now=now)
            for one in Segment.objects.filter(shop=shop).order_by("name")
        }
    if as_json:
        typer.echo(json_text({name: counted._asdict() for name, counted in found.items()}))
        return
    for name, counted in found.items():
        typer.echo(f"{name}: {counted.people} people")
    if not found:
        typer.echo(f"{shop_slug} has no segments yet.")


@app.command()
def count(
    segment: Annotated[str, typer.Argument(help="The name of a segment, or a segment file.")],
    shop_slug: ShopSlug,
    sample: Annotated[int, typer.Option(min=0, max=100, help="Show so many of the people.")] = 0,
    as_json: AsJson = False,
) -> None:
    """How many people a segment has, by the query that would write to them."""
    with home.ready() as config:
        from ripresa.domain.contacts.models import Contact
        from ripresa.domain.segments import queries
        from ripresa.domain.segments.models import Segment

        shop, now = find_shop(shop_slug), config.clock.now()
        file = Path(segment)
        if file.is_file():
            condition = _read(read_text(file), segment, shop).condition
        else:
            found = Segment.objects.filter(shop=shop, name=segment).first()
            if found is None:
                raise Problem(f"there is no segment and no file {segment!r}")
            condition = queries.condition_of(found)
        counted = queries.count(shop.id, condition, now=now)
        members = queries.list_members(shop.id, condition, now=now, limit=sample) if sample else []
        people = [
            contact.email or contact.phone or contact.customer_id or ""
            for contact in Contact.objects.filter(
                shop=shop, id__in=[member.contact_id for member in members]
            ).order_by("id")
        ]
    if as_json:
        typer.echo(json_text({**counted._asdict(), "sample": people}))
        return
    typer.echo(
        f"{counted.people} people: {counted.with_email} with an e-mail address, "
        f"{counted.with_phone} with a phone, {counted.with_address} with a postal address."
    )
    for person in people:
        typer.echo(f"  {person}")


def _read(text: str, file_name: str, shop: "Shop") -> "SegmentFile":
    from ripresa.domain.scenarios.file.document import ScenarioInvalid
    from ripresa.domain.segments.reading import parse_segment

    try:
        return parse_segment(text, file_name=file_name, currency=shop.currency)
    except ScenarioInvalid as wrong:
        raise Problem(str(wrong)) from None
