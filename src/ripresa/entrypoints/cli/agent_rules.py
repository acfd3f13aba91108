"""`ripresa agent rule`: who gets the customers that nobody has."""

from typing import TYPE_CHECKING, Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.domain.deals.agents import Terms

app = typer.Typer(
    help="Who gets customers that nobody has: the first rule that holds, its agents in turn.",
    no_args_is_help=True,
)


@app.command()
def add(
    shop_slug: ShopSlug,
    agents: Annotated[list[str], typer.Option("--agent", help="Again for each who takes turns.")],
    countries: Annotated[
        list[str] | None, typer.Option("--country", help="IT, DE …; again for each. None: any.")
    ] = None,
    segment: Annotated[str, typer.Option(help="Only the people of this segment.")] = "",
    at_least: Annotated[str, typer.Option(help="The cart's value, from: 2000.00")] = "",
    below: Annotated[str, typer.Option(help="The cart's value, less than: 5000.00")] = "",
    currency: Annotated[
        str, typer.Option(help="Of these values; the shop's own if not said.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Add a rule; it is asked after those that are there."""
    with home.ready() as config:
        from ripresa.domain.deals.agents import NotAnAgent, NotARule, Terms
        from ripresa.usecases.agents import assign_agents

        shop = find_shop(shop_slug)
        named = (currency or shop.currency).upper() if at_least or below else None
        terms = Terms(
            tuple(countries or ()),
            segment or None,
            named,
            _minor(at_least, named),
            _minor(below, named),
        )
        try:
            assign_agents.add_rule(
                shop_id=shop.id, terms=terms, emails=agents, now=config.clock.now()
            )
        except (NotARule, NotAnAgent) as wrong:
            raise Problem(str(wrong)) from None
    told = _words(terms)
    typer.echo(json_text({"rule": told, "agents": agents}) if as_json else f"Added: {told}.")


@app.command("list")
def list_rules(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """The rules in the order in which they are asked."""
    with home.ready():
        from ripresa.domain.deals import agents

        found = agents.list_rules(shop_id=find_shop(shop_slug).id)
    if as_json:
        typer.echo(
            json_text(
                [
                    one._asdict() | one.terms._asdict() | {"terms": _words(one.terms)}
                    for one in found
                ]
            )
        )
        return
    for one in found:
        typer.echo(
            f"{one.number}. {_words(one.terms)}: {', '.join(one.agents)} ({one.given} given)"
        )
    if not found:
        typer.echo(f"{shop_slug} has no rules: who has no agent is the owner's.")


@app.command()
def remove(
    number: Annotated[int, typer.Argument(help="Its number in the list.")],
    shop_slug: ShopSlug,
    as_json: AsJson = False,
) -> None:
    """Remove a rule; customers that it gave stay with their agents."""
    with home.ready():
        from ripresa.domain.deals.agents import NotARule
        from ripresa.usecases.agents import assign_agents

        try:
            assign_agents.remove_rule(shop_id=find_shop(shop_slug).id, number=number)
        except NotARule as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(json_text({"removed": number}) if as_json else f"Rule {number} is removed.")


def _minor(text: str, currency: str | None) -> int | None:
    from ripresa.core.money import NotMoney, parse_minor

    if not text or currency is None:
        return None
    try:
        return parse_minor(text, currency)
    except NotMoney as wrong:
        raise Problem(str(wrong)) from None


def _words(terms: "Terms") -> str:
    from ripresa.core.money import Money

    said = [" or ".join(terms.countries)] if terms.countries else []
    if terms.segment is not None:
        said.append(f"in {terms.segment!r}")
    for word, minor in (("from", terms.at_least_minor), ("below", terms.below_minor)):
        if minor is not None and terms.currency is not None:
            said.append(f"{word} {Money(minor, terms.currency).decimal()} {terms.currency}")
    return ", ".join(said) or "everybody"
