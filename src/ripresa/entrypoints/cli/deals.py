"""`ripresa deal`: what agents do with the deals of the pipeline."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.instants import read_instant, read_until
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.domain.deals.models import Deal

app = typer.Typer(help="Deals: what agents do with large carts.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="The deal's id, or the id or token of its cart.")]
By = Annotated[str, typer.Option(help="Who does it: an agent's address; stands in the log.")]
From = Annotated[
    str, typer.Option("--from", help="The stage where you saw it: if it stands elsewhere, nothing.")
]
At = Annotated[str, typer.Option(help="When it was, like 2026-10-03T15:00:00Z; else now.")]
Text = Annotated[str, typer.Option(help="What was said.")]
NOBODY = "command line"


@app.command("list")
def list_deals(
    shop_slug: ShopSlug,
    stage: Annotated[str | None, typer.Option(help="The key of a stage.")] = None,
    agent: Annotated[str | None, typer.Option(help="An agent's address.")] = None,
    all_deals: Annotated[bool, typer.Option("--all", help="Closed ones as well.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Open deals, the newest first."""
    with home.ready():
        from ripresa.api.shapes.deal import DealShape
        from ripresa.domain.deals import queries

        shop = find_shop(shop_slug)
        only = queries.DealFilter(stage, agent, None if all_deals else True)
        found = queries.list_deals(shop_id=shop.id, only=only, older_than=None, limit=limit)
        agents = queries.agents_by_id(shop_id=shop.id, agent_ids=[one.agent_id for one in found])
        told = [DealShape(**DealShape.fields(one, agents)) for one in found]
    if as_json:
        typer.echo(f"[{','.join(one.model_dump_json() for one in told)}]")
        return
    for one in told:
        typer.echo(_line(one))
    if not told:
        typer.echo(f"{shop_slug} has no deals like that.")


@app.command()
def show(deal: Named, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """One deal, with everything that was done with it."""
    with home.ready():
        _show(_find(deal, find_shop(shop_slug)), as_json=as_json)


@app.command()
def move(
    deal: Named,
    stage: Annotated[str, typer.Argument(help="The key of the stage where it is to stand.")],
    shop_slug: ShopSlug,
    from_stage: From = "",
    by: By = NOBODY,
    as_json: AsJson = False,
) -> None:
    """Put it into another stage; one that means won or lost closes it."""
    _do("move", deal, shop_slug, as_json, seen_in=from_stage, to_stage=stage, who=by)


@app.command()
def take(
    deal: Named,
    shop_slug: ShopSlug,
    by: Annotated[str, typer.Option(help="Who takes it; an agent's address makes it hers.")],
    instead_of: Annotated[
        str | None, typer.Option(help="Who has it so far: nobody, if not said.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take it into one's own hands."""
    _do("take_over", deal, shop_slug, as_json, who=by, instead_of=instead_of)


@app.command()
def snooze(
    deal: Named,
    until: Annotated[str, typer.Argument(help="How long, like 2d, or an instant.")],
    shop_slug: ShopSlug,
    by: By = NOBODY,
    as_json: AsJson = False,
) -> None:
    """Let it rest."""
    _do("snooze", deal, shop_slug, as_json, who=by, until=partial(read_until, "UNTIL", until))


@app.command()
def wake(deal: Named, shop_slug: ShopSlug, by: By = NOBODY, as_json: AsJson = False) -> None:
    """End its rest."""
    _do("snooze", deal, shop_slug, as_json, who=by, until=None)


@app.command()
def note(
    deal: Named,
    text: Annotated[str, typer.Argument(help="What to remember.")],
    shop_slug: ShopSlug,
    by: By = NOBODY,
    as_json: AsJson = False,
) -> None:
    """Write something down, on closed deals too."""
    _do("note", deal, shop_slug, as_json, who=by, text=text)


@app.command()
def called(
    deal: Named,
    shop_slug: ShopSlug,
    at: At = "",
    text: Text = "",
    by: By = NOBODY,
    as_json: AsJson = False,
) -> None:
    """Write down that the agent spoke with her; the scenario says what that stops."""
    _do("log_call", deal, shop_slug, as_json, who=by, at=partial(_at, at), text=text)


@app.command()
def replied(
    deal: Named,
    shop_slug: ShopSlug,
    at: At = "",
    text: Text = "",
    by: By = NOBODY,
    as_json: AsJson = False,
) -> None:
    """Write down that she answered."""
    _do("log_reply", deal, shop_slug, as_json, who=by, at=partial(_at, at), text=text)


@app.command()
def won(
    deal: Named,
    shop_slug: ShopSlug,
    from_stage: From = "",
    by: By = NOBODY,
    as_json: AsJson = False,
) -> None:
    """Close it as won, for good."""
    _do("win", deal, shop_slug, as_json, seen_in=from_stage, who=by)


@app.command()
def lost(
    deal: Named,
    shop_slug: ShopSlug,
    why: Annotated[str, typer.Option(help="Goes into the log.")] = "",
    from_stage: From = "",
    by: By = NOBODY,
    as_json: AsJson = False,
) -> None:
    """Close it as lost; an order wins it still."""
    _do("lose", deal, shop_slug, as_json, seen_in=from_stage, who=by, why=why)


def _do(
    doing: str,
    named: str,
    shop_slug: str,
    as_json: bool,  # noqa: FBT001  (handed through from the option of that name)
    seen_in: str | None = None,
    **values: Any,
) -> None:
    """Do it in the use case of that name, and show the deal as it stands then.

    `seen_in`: the stage it must stand in, "" for the one it is read in just now. A value that can be
    called is asked with the present instant.
    """
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import work_on_deal

        shop, now = find_shop(shop_slug), config.clock.now()
        deal = _find(named, shop)
        if seen_in is not None:
            values["from_stage"] = seen_in or deal.stage.key
        said = {name: each(now) if callable(each) else each for name, each in values.items()}
        getattr(work_on_deal, doing)(shop_id=shop.id, deal_id=deal.id, now=now, **said)
        _show(_find(str(deal.id), shop), as_json=as_json)


def _at(text: str, now: datetime) -> datetime:
    return read_instant("--at", text) if text else now


def _find(named: str, shop):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  (models: Django is set up by now)
    """The deal of that id, or the newest about the cart of that id or token. Raises Problem."""
    from ripresa.domain.carts.queries import find_cart_by_token
    from ripresa.domain.deals import queries

    try:
        own_id = UUID(named)
    except ValueError:
        cart = find_cart_by_token(shop.id, named) if "\x00" not in named else None
        own_id = cart.id if cart else UUID(int=0)
    only = queries.DealFilter(cart_id=own_id)
    found = queries.find_deal(shop_id=shop.id, deal_id=own_id) or next(
        iter(queries.list_deals(shop_id=shop.id, only=only, older_than=None, limit=1)), None
    )
    if found is None:
        raise Problem(f"{shop.slug} has no deal of that id, nor about a cart {named!r}")
    return found


def _show(deal: "Deal", *, as_json: bool) -> None:
    from ripresa.api.shapes.deal import DealDetail

    told = DealDetail.of(deal)
    if as_json:
        typer.echo(told.model_dump_json())
        return
    typer.echo(_line(told))
    for one in told.log:
        moved = f" {one.from_stage or ''} → {one.to_stage}" if one.to_stage else ""
        until = f" until {one.until:%Y-%m-%d %H:%M}Z" if one.until else ""
        said = f": {one.note}" if one.note else ""
        typer.echo(f"  {one.at:%Y-%m-%d %H:%M}Z  {one.kind}{moved}{until} by {one.who}{said}")


def _line(deal: Any) -> str:
    """A deal in one line; `deal` is a DealShape, which needs Django."""
    value = f"{deal.value.amount} {deal.value.currency}" if deal.value else "no value"
    hand = f", taken over by {deal.taken_over_by}" if deal.taken_over_by else ""
    rest = f", rests until {deal.snoozed_until:%Y-%m-%d %H:%M}Z" if deal.snoozed_until else ""
    whose = deal.agent or "no agent"
    return f"{deal.id}  {deal.stage}  {value}  {whose}{hand}{rest}, cart {deal.cart_id}"


@contextmanager
def _wrong_is_told() -> Iterator[None]:
    """Inside `home.ready()`: what can't be done is one sentence."""
    from ripresa.domain.deals import operations

    try:
        yield
    except (
        operations.DealNotFound,
        operations.DealMoved,
        operations.DealClosed,
        operations.DealTaken,
        operations.NoSuchStage,
        operations.NotNow,
    ) as wrong:
        raise Problem(str(wrong)) from None
