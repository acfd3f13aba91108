"""`ripresa campaign`: look at what one would do, let it begin, hold it back, end it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.campaigns import Name, find_campaign, read_plan
from ripresa.entrypoints.cli.files import read_text
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from datetime import datetime

    from ripresa.api.shapes.campaign import PreviewShape
    from ripresa.domain.shops.models import Shop
    from ripresa.usecases.campaigns.preview import Preview, Question

app = typer.Typer()


@app.command()
def preview(
    campaign: Annotated[str, typer.Argument(help="A campaign file, or the name of a campaign.")],
    shop_slug: ShopSlug,
    most: Annotated[int | None, typer.Option(min=1, help="Look at so many people only.")] = None,
    as_json: AsJson = False,
) -> None:
    """How many it would write to now, and who falls away why; nothing is touched."""
    with home.ready() as config, _problems():
        from ripresa.api.shapes.campaign import PreviewShape

        shop = find_shop(shop_slug)
        found = _look(_question(campaign, shop), config.clock.now(), most, quiet=as_json)
        shape = PreviewShape.of(found, shop.currency)
        if as_json:
            typer.echo(shape.model_dump_json())
        else:
            _tell(shape)


@app.command()
def start(
    name: Name,
    shop_slug: ShopSlug,
    at_most: Annotated[
        int | None, typer.Option("--at-most", help="Refuse if it is for more people than these.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a draft begin, at once or at the instant it names."""
    with home.ready() as config, _problems():
        from ripresa.usecases.campaigns import life

        now = config.clock.now()
        found = find_campaign(name, find_shop(shop_slug))
        if not yes:
            people = life.audience_of(found).count(now=now)
            typer.confirm(f"{name!r} is for {people} people now. Start it?", abort=True)
            at_most = people if at_most is None else at_most
        people = life.start(found, now=now, at_most=at_most)
        state = find_campaign(name, find_shop(shop_slug)).state
    if as_json:
        typer.echo(json_text({"state": state, "people": people}))
    else:
        typer.echo(f"{name!r} is {state}, for {people} people now.")


@app.command()
def pause(
    name: Name,
    shop_slug: ShopSlug,
    why: Annotated[str, typer.Option("--why", help="Kept, and shown with it.")] = "by hand",
) -> None:
    """Hold back what it has planned, and take in nobody new; nothing is lost."""
    with home.ready() as config, _problems():
        from ripresa.usecases.campaigns import life

        life.pause(find_campaign(name, find_shop(shop_slug)), why=why, now=config.clock.now())
    typer.echo(f"{name!r} is paused.")


@app.command()
def resume(name: Name, shop_slug: ShopSlug) -> None:
    """Let a paused one go on: what is still due leaves, what is too late is skipped."""
    with home.ready() as config, _problems():
        from ripresa.usecases.campaigns import life

        life.resume(find_campaign(name, find_shop(shop_slug)), now=config.clock.now())
    typer.echo(f"{name!r} goes on.")


@app.command()
def budget(
    name: Name,
    shop_slug: ShopSlug,
    max_messages: Annotated[int | None, typer.Option(min=1, help="So many messages.")] = None,
    max_cost: Annotated[
        str | None, typer.Option(help='So much money, like "400.00", in the shop\'s currency.')
    ] = None,
) -> None:
    """Set what it may use up in all; what is not named has no limit from now on."""
    with home.ready() as config, _problems():
        from ripresa.core.money import NotMoney, parse_minor
        from ripresa.usecases.campaigns import life

        shop = find_shop(shop_slug)
        try:
            minor = None if max_cost is None else parse_minor(max_cost, shop.currency)
        except NotMoney as wrong:
            raise Problem(str(wrong)) from None
        life.set_budget(
            find_campaign(name, shop), life.Limits(max_messages, minor), now=config.clock.now()
        )
    typer.echo(f"The budget of {name!r} is set.")


@app.command()
def end(
    name: Name,
    shop_slug: ShopSlug,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """End it for good: what it has planned is cancelled; its name and its trail stay."""
    with home.ready() as config, _problems():
        from ripresa.usecases.campaigns import life

        found = find_campaign(name, find_shop(shop_slug))
        if not yes:
            typer.confirm(f"End {name!r} for good?", abort=True)
        cancelled = life.end(found, now=config.clock.now())
    if as_json:
        typer.echo(json_text({"cancelled": cancelled}))
    else:
        typer.echo(f"{name!r} has ended. Messages cancelled: {cancelled}.")


def _question(campaign: str, shop: "Shop") -> "Question":
    from ripresa.usecases.campaigns.preview import of_campaign, of_file

    file = Path(campaign)
    if file.is_file():
        return of_file(shop, read_plan(read_text(file), campaign, shop))
    return of_campaign(shop, find_campaign(campaign, shop))


def _look(question: "Question", now: "datetime", most: int | None, *, quiet: bool) -> "Preview":
    from ripresa.usecases.campaigns.preview import preview as look

    if quiet:
        return look(question, now=now, most=most)
    with Progress(console=home.screen, transient=True) as progress:
        task = progress.add_task("Looking at people", total=most)
        return look(
            question,
            now=now,
            most=most,
            told=lambda done: progress.update(task, completed=done),
        )


def _tell(shape: "PreviewShape") -> None:
    from ripresa.console.layout.reasons import sentence

    typer.echo(f"{shape.people} people are in the audience.")
    if shape.looked_at < shape.people:
        typer.echo(f"What follows is of {shape.looked_at} of them.")
    for channel, number in shape.goes.items():
        typer.echo(f"{number:>7}  {channel:<6}  would go now")
    for what, fates in (("would wait", shape.waits), ("would not go", shape.falls_away)):
        for one in fates:
            typer.echo(
                f"{one.number:>7}  {one.channel:<6}  {what} — {sentence(one.reason)} [{one.reason}]"
            )
    if shape.undecided:
        typer.echo(f"{shape.undecided:>7}  something else is on its way to them first")
    if shape.cost is not None:
        typer.echo(f"Cost: {shape.cost.amount} {shape.cost.currency}.")
    if shape.codes_left is not None:
        typer.echo(f"Codes wanted: {shape.codes_wanted}, left in the pool: {shape.codes_left}.")


@contextmanager
def _problems() -> Iterator[None]:
    """What the use cases refuse, in a sentence."""
    from ripresa.usecases.campaigns.life import NotPossible

    try:
        yield
    except NotPossible as wrong:
        raise Problem(str(wrong)) from None
