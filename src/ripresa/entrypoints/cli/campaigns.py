"""`ripresa campaign`: one message to an audience, from its file to its end."""

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
    from ripresa.domain.campaigns.models import Campaign
    from ripresa.domain.campaigns.plan import CampaignPlan
    from ripresa.domain.shops.models import Shop

app = typer.Typer(help="Campaigns: one message to an audience.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="A campaign file, YAML.")]
Name = Annotated[str, typer.Argument(help="The campaign's name.")]


@app.command()
def create(file: File, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Store a file as a draft; a draft of that name is changed. Nothing leaves before it is started."""
    text = read_text(file)
    with home.ready() as config:
        from ripresa.domain.scenarios.file.document import ScenarioInvalid
        from ripresa.usecases.campaigns.keep import keep_campaign

        shop = find_shop(shop_slug)
        try:
            stored = keep_campaign(
                shop_id=shop.id, text=text, file_name=str(file), now=config.clock.now()
            )
        except ScenarioInvalid as wrong:
            raise Problem(str(wrong)) from None
    name = stored.campaign.name
    if as_json:
        typer.echo(json_text({"name": name, "is_new": stored.is_new}))
    else:
        typer.echo(
            f"{name!r} is {'a draft' if stored.is_new else 'changed'}: look with preview, then start."
        )


@app.command()
def validate(file: File, shop_slug: ShopSlug) -> None:
    """Say whether a file could be stored, or everything that is wrong with it."""
    text = read_text(file)
    with home.ready():
        name = read_plan(text, str(file), find_shop(shop_slug)).name
    typer.echo(f"{name!r} is sound.")


@app.command("list")
def list_all(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """The campaigns of a shop, those made latest first."""
    with home.ready():
        from ripresa.api.shapes.campaign import CampaignShape
        from ripresa.domain.campaigns import queries

        shop = find_shop(shop_slug)
        found = queries.list_campaigns(shop.id)
        reached = queries.people_reached(shop.id, [one.id for one in found])
        shapes = [CampaignShape.of(one, shop.currency, reached.get(one.id, 0)) for one in found]
    if as_json:
        typer.echo(json_text([one.model_dump(mode="json") for one in shapes]))
        return
    for one in shapes:
        typer.echo(f"{one.name}: {one.state}, {one.people} people so far")
    if not shapes:
        typer.echo(f"{shop_slug} has no campaigns yet.")


@app.command()
def show(name: Name, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """One campaign: where it stands, what is used up, what became of its messages and why."""
    with home.ready():
        from ripresa.api.shapes.campaign import detail_of
        from ripresa.console.layout.reasons import sentence

        found = detail_of(find_campaign(name, find_shop(shop_slug)))
        sentences = {one.reason: sentence(one.reason) for one in found.outcomes if one.reason}
    if as_json:
        typer.echo(found.model_dump_json())
        return
    typer.echo(f"{found.name}: {found.state}, {found.people} people so far")
    if found.paused_reason:
        typer.echo(f"paused: {found.paused_reason}")
    if found.budget is not None:
        typer.echo(f"used up: {found.budget.words}")
    for one in found.outcomes:
        why = f" — {sentences[one.reason]} [{one.reason}]" if one.reason else ""
        typer.echo(f"{one.number:>7}  {one.channel:<6}  {one.state}{why}")


@app.command("export")
def export_file(name: Name, shop_slug: ShopSlug) -> None:
    """Print its file, word for word."""
    with home.ready():
        text = find_campaign(name, find_shop(shop_slug)).text
    typer.echo(text, nl=not text.endswith("\n"))


@app.command("delete")
def delete_draft(name: Name, shop_slug: ShopSlug) -> None:
    """Delete a draft; what has begun can only be ended."""
    with home.ready() as config:
        from ripresa.usecases.campaigns import keep

        try:
            keep.delete_draft(find_campaign(name, find_shop(shop_slug)), now=config.clock.now())
        except keep.NotADraft as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(f"{name!r} is deleted.")


def find_campaign(name: str, shop: "Shop") -> "Campaign":
    """The campaign of that name. Raises Problem."""
    from ripresa.domain.campaigns.queries import find_by_name, list_campaigns

    found = find_by_name(shop.id, name)
    if found is None:
        there = ", ".join(repr(one.name) for one in list_campaigns(shop.id)) or "none yet"
        raise Problem(f"{shop.slug} has no campaign {name!r}; there is: {there}")
    return found


def read_plan(text: str, file_name: str, shop: "Shop") -> "CampaignPlan":
    """What a file says. Raises Problem."""
    from ripresa.domain.scenarios.file.document import ScenarioInvalid
    from ripresa.usecases.campaigns.keep import check_campaign

    try:
        return check_campaign(text, file_name=file_name, shop=shop)
    except ScenarioInvalid as wrong:
        raise Problem(str(wrong)) from None
