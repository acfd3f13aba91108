"""`ripresa agent`: who sells in person, and whose customer somebody is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ripresa.entrypoints.cli import agent_rules, home
from ripresa.entrypoints.cli.deals import NOBODY, By
from ripresa.entrypoints.cli.instants import read_until
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.cli.waiting import bar

if TYPE_CHECKING:
    from uuid import UUID

    from ripresa.usecases.agents.import_agents import Imported

app = typer.Typer(help="Agents, and whose customer somebody is.", no_args_is_help=True)
app.add_typer(agent_rules.app, name="rule")

Email = Annotated[str, typer.Argument(help="The agent's e-mail address.")]
_SHOWN_PROBLEMS = 20


@app.command()
def add(
    email: Email,
    shop_slug: ShopSlug,
    name: Annotated[str, typer.Option(help="The name that customers read.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add an agent."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import assign_agents

        shop = find_shop(shop_slug)
        made = assign_agents.add_agent(
            shop_id=shop.id, email=email, name=name, now=config.clock.now()
        )
    told = {"id": str(made), "email": email.strip().lower(), "name": name}
    typer.echo(json_text(told) if as_json else f"{told['email']} is an agent of {shop_slug} now.")


@app.command("list")
def list_agents(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """All agents with their customers and open deals."""
    with home.ready() as config:
        from ripresa.domain.deals import agents

        found = agents.list_agents(shop_id=find_shop(shop_slug).id)
    if as_json:
        typer.echo(json_text([one._asdict() for one in found]))
        return
    now = config.clock.now()
    for one in found:
        left = "" if one.is_active else "  (no longer active)"
        if one.away_until is not None and one.away_until > now:
            left = f"  (away until {one.away_until:%Y-%m-%d %H:%M}Z)"
        typer.echo(
            f"{one.email}  {one.name}  customers: {one.customers}, open deals: {one.open_deals}{left}"
        )
    if not found:
        typer.echo(f"{shop_slug} has no agents yet.")


@app.command()
def change(
    email: Email,
    shop_slug: ShopSlug,
    name: Annotated[str | None, typer.Option(help="The name that customers read.")] = None,
    active: Annotated[
        bool | None,
        typer.Option("--active/--inactive", help="Whether she gets customers and their mail."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rename an agent, or let her rest: customers of one who is inactive go to others."""
    values = {"name": name, "is_active": active}
    given = {key: value for key, value in values.items() if value is not None}
    if not given:
        raise Problem("say what to change: --name, --active or --inactive")
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import assign_agents

        assign_agents.change_agent(
            shop_id=find_shop(shop_slug).id, email=email, now=config.clock.now(), **given
        )
    typer.echo(json_text({"email": email} | given) if as_json else f"{email} is changed.")


@app.command()
def away(
    email: Email,
    until: Annotated[str, typer.Argument(help="How long, like 14d, or an instant.")],
    shop_slug: ShopSlug,
    as_json: AsJson = False,
) -> None:
    """Note that an agent is away: the owner hears her notices, and rules give her nobody new."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import assign_agents

        at = read_until("UNTIL", until, config.clock.now())
        assign_agents.change_agent(
            shop_id=find_shop(shop_slug).id, email=email, now=config.clock.now(), away_until=at
        )
    told = {"email": email, "away_until": at}
    typer.echo(json_text(told) if as_json else f"{email} is away until {at:%Y-%m-%d %H:%M}Z.")


@app.command()
def back(email: Email, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Note that an agent is back before her time."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import assign_agents

        assign_agents.change_agent(
            shop_id=find_shop(shop_slug).id, email=email, now=config.clock.now(), away_until=None
        )
    told = {"email": email, "away_until": None}
    typer.echo(json_text(told) if as_json else f"{email} is back.")


@app.command()
def end(
    email: Email,
    shop_slug: ShopSlug,
    heir: Annotated[
        str, typer.Option("--to", help="Who gets her open deals and customers; else nobody.")
    ] = "",
    by: By = NOBODY,
    as_json: AsJson = False,
) -> None:
    """Let an agent go; without --to her deals are nobody's, and rules deal her customers out anew."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import assign_agents

        done = assign_agents.end_agent(
            shop_id=(shop := find_shop(shop_slug)).id,
            agent_id=_id_of(shop.id, email),
            heir_id=_id_of(shop.id, heir) if heir else None,
            who=by,
            now=config.clock.now(),
        )
    said = f"{email} sells no more; handed on: {done.deals} deals, {done.customers} customers."
    typer.echo(json_text(done._asdict()) if as_json else said)


def _id_of(shop_id: int, email: str) -> "UUID":
    from ripresa.domain.deals.agents import NotAnAgent, checked_address
    from ripresa.domain.deals.queries import agent_ids

    found = agent_ids(shop_id=shop_id).get(checked_address(email))
    if found is None:
        raise NotAnAgent(f"there is no agent {email!r}")
    return found


@app.command()
def assign(
    customer: Annotated[str, typer.Argument(help="E-mail address, or the shop's customer id.")],
    agent: Annotated[str, typer.Argument(help="The agent's e-mail address.")],
    shop_slug: ShopSlug,
    as_json: AsJson = False,
) -> None:
    """Make somebody an agent's customer; she need not be known yet."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.usecases.agents import assign_agents

        assign_agents.assign_customer(
            shop_id=find_shop(shop_slug).id, customer=customer, agent=agent, now=config.clock.now()
        )
    told = {"customer": customer, "agent": agent}
    typer.echo(json_text(told) if as_json else f"{customer} is a customer of {agent} now.")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A text file such as CSV; its first row has names.")],
    shop_slug: ShopSlug,
    customer_column: Annotated[
        str, typer.Option(help="Where the customer stands: name, or number from 1.")
    ] = "customer",
    agent_column: Annotated[str, typer.Option(help="Where the agent's address stands.")] = "agent",
    name_column: Annotated[str, typer.Option(help="Where the agent's name stands.")] = "name",
    encoding: Annotated[str, typer.Option(help="utf-8, utf-16, cp1252 … if it is misread.")] = "",
    as_json: AsJson = False,
) -> None:
    """Read agents, and whose customers people are; rows that are wrong are told by number."""
    with home.ready() as config, _wrong_is_told():
        from ripresa.core.delimited.reading import look_into
        from ripresa.usecases.agents.import_agents import Columns, import_agents

        shop = find_shop(shop_slug)
        read = look_into(file, encoding=encoding)
        with bar(f"Importing {file.name}", read.size) as tell:
            done = import_agents(
                shop_id=shop.id,
                file=read,
                columns=Columns(customer_column, agent_column, name_column),
                now=config.clock.now(),
                progress=tell,
            )
    _tell(done, file, as_json=as_json)


def _tell(done: "Imported", file: Path, *, as_json: bool) -> None:
    if as_json:
        problems = [one._asdict() for one in done.problems]
        told = {"agents": done.agents, "customers": done.customers, "problems": problems}
        typer.echo(json_text(told))
        return
    typer.echo(
        f"Agents added: {done.agents}, customers assigned: {done.customers}, "
        f"rows left out: {len(done.problems)}."
    )
    for row, column, message in done.problems[:_SHOWN_PROBLEMS]:
        typer.echo(f"  {file.name}:{row}: {column}: {message}")
    if len(done.problems) > _SHOWN_PROBLEMS:
        typer.echo(f"  … and {len(done.problems) - _SHOWN_PROBLEMS} more; --json tells all")


@contextmanager
def _wrong_is_told() -> Iterator[None]:
    """Inside `home.ready()`: what can't be done is one sentence."""
    from ripresa.core.delimited.reading import Unreadable
    from ripresa.domain.deals.agents import NotAnAgent
    from ripresa.usecases.agents.assign_agents import NotACustomer
    from ripresa.usecases.agents.import_agents import NoSuchColumn

    try:
        yield
    except (NotAnAgent, NotACustomer, NoSuchColumn, Unreadable) as wrong:
        raise Problem(str(wrong)) from None
