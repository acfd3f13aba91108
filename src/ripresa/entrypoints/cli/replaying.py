"""`ripresa replay` and `ripresa try`: what a scenario would do, without doing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.files import read_text
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.scenarios import ShopSlug
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ripresa.domain.scenarios.plan import Plan
    from ripresa.domain.shops.models import Shop
    from ripresa.usecases.replay.asking import Replayed
    from ripresa.usecases.replay.rehearsal import Line
    from ripresa.usecases.replay.sample import Sample

app = typer.Typer()
ScenarioChoice = Annotated[
    str, typer.Option("--scenario", help="The name of a scenario of the shop, or a scenario file.")
]


@app.command()
def replay(
    shop_slug: ShopSlug,
    scenario: ScenarioChoice,
    days: Annotated[int, typer.Option(help="How far back, at most 90.")] = 30,
    price: Annotated[
        list[str] | None, typer.Option(help="What a message costs, like sms=0.07; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What a scenario would have done to the shop's own carts of the last days; nothing is touched."""
    prices = dict(_price(text) for text in price or ())
    with home.ready() as config, _ticking("Replaying …") as tick:
        from ripresa.usecases.replay import asking

        shop = find_shop(shop_slug)
        try:
            found = asking.replay(
                shop=shop,
                plan=_plan(scenario, shop),
                days=days,
                prices=prices,
                now=config.clock.now(),
                tick=tick,
            )
        except ValueError as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(json_text(_summary(found, scenario, days, shop)))
        return
    typer.echo(
        f"Over the last {days} days: {found.carts} carts, {found.people} people would have heard, "
        f"{found.coupons} coupons."
    )
    for channel, count in found.sent.items():
        cost = f", {found.cost[channel]} {shop.currency}" if channel in found.cost else ""
        typer.echo(f"  sent by {channel}: {count}{cost}")
    for outcome, reasons in found.outcomes.items():
        if outcome != "sent":
            told = ", ".join(f"{reason} {count}" for reason, count in reasons.items())
            typer.echo(f"  {outcome}: {told}")


def _summary(found: "Replayed", scenario: str, days: int, shop: "Shop") -> dict[str, Any]:
    return {
        "scenario": scenario,
        "days": days,
        "carts": found.carts,
        "people": found.people,
        "coupons": found.coupons,
        "sent": dict(found.sent),
        "cost": {channel: str(cost) for channel, cost in found.cost.items()},
        "currency": shop.currency,
        "outcomes": {outcome: dict(some) for outcome, some in found.outcomes.items()},
    }


@app.command("try")
def try_out(
    shop_slug: ShopSlug,
    scenario: ScenarioChoice,
    cart: Annotated[
        str | None, typer.Argument(help="The token of one of the shop's carts.")
    ] = None,
    sample: Annotated[
        str | None, typer.Option(help="Instead: a made-up cart of this value, like 2000.00.")
    ] = None,
    language: Annotated[str, typer.Option(help="The made-up person's.")] = "en",
    country: Annotated[str, typer.Option(help="The made-up person's.")] = "IT",
    phone: Annotated[str | None, typer.Option(help="The made-up person's.")] = None,
    agent: Annotated[str | None, typer.Option(help="The made-up person's.")] = None,
    as_json: AsJson = False,
) -> None:
    """What would happen to one cart if she never came back, step by step; nothing is sent."""
    if (cart is None) == (sample is None):
        raise Problem("name a cart, or give --sample with a value: one of the two")
    made_up = sample and partial(
        _sample, _decimal("--sample", sample), language, country, phone, agent
    )
    with home.ready() as config, _ticking("Trying …") as tick:
        from ripresa.usecases.replay import asking
        from ripresa.usecases.replay.sample import NotASample

        shop = find_shop(shop_slug)
        plan = _plan(scenario, shop)
        try:
            if made_up:
                lines = asking.try_sample(
                    shop=shop, plan=plan, sample=made_up(shop), now=config.clock.now(), tick=tick
                )
            else:
                lines = asking.try_cart(
                    shop=shop, plan=plan, cart_id=_cart_id(cart or "", shop), tick=tick
                )
        except (asking.NobodyThere, NotASample) as wrong:
            raise Problem(str(wrong)) from None
    _tell(lines, as_json=as_json)


def _sample(
    value: Decimal,
    language: str,
    country: str,
    phone: str | None,
    agent: str | None,
    shop: "Shop",
) -> "Sample":
    from ripresa.usecases.replay.sample import Sample

    home.report(
        f"Assumed: she said yes to every channel, lives in {country}, reads {language}; "
        f"phone: {phone or 'none'}; agent: {agent or 'none'}."
    )
    return Sample(value, shop.currency, language, country, phone, agent)


def _cart_id(token: str, shop: "Shop") -> UUID:
    """The newest cart of that token."""
    from ripresa.domain.carts.models import Cart

    found = Cart.objects.filter(shop=shop, token=token).order_by("-generation").first()
    if found is None:
        raise Problem(f"{shop.slug} has no cart {token!r}")
    return found.id


def _tell(lines: "Sequence[Line]", *, as_json: bool) -> None:
    if as_json:
        typer.echo(json_text([_plain(line) for line in lines]))
        return
    for line in lines:
        where = " ".join(part for part in (line.branch, line.step, line.channel) if part)
        typer.echo(
            f"{line.at:%Y-%m-%d %H:%M:%S} UTC  {where or '-'}: {line.outcome}, {line.reason}"
            + (f" → {line.to}" if line.to else "")
            + (f" “{line.subject}”" if line.subject else "")
        )
    if not lines:
        typer.echo("Nothing would happen: the scenario does not take this cart up.")


def _plain(line: "Line") -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__slots__}


@contextmanager
def _ticking(what: str) -> "Iterator[Callable[[datetime], None]]":
    with home.screen.status(what) as status:
        yield lambda now: status.update(f"{what} {now:%Y-%m-%d %H:%M}")


def _plan(choice: str, shop: "Shop") -> "Plan":
    """The plan of a file, if there is one of that name, or of a scenario of the shop."""
    from ripresa.domain.scenarios.file.document import ScenarioInvalid
    from ripresa.domain.scenarios.models import Scenario
    from ripresa.domain.scenarios.plans_in_force import plan_of
    from ripresa.usecases.scenarios.publish_scenario import check_scenario

    file = Path(choice)
    if not file.is_file():
        found = Scenario.objects.filter(shop=shop, name=choice).first()
        if found is None:
            raise Problem(f"there is no scenario and no file {choice!r}")
        return plan_of(shop.id, found.version_id)
    try:
        return check_scenario(read_text(file), file_name=choice, shop=shop)
    except ScenarioInvalid as wrong:
        raise Problem(str(wrong)) from None


def _price(text: str) -> tuple[str, Decimal]:
    channel, equals, amount = text.partition("=")
    if not equals or channel not in {"email", "sms", "letter"}:
        raise Problem(f"--price must be like sms=0.07, letter=0.95 or email=0.001, not {text!r}")
    return channel, _decimal("--price", amount)


def _decimal(option: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value >= 10**12:
        raise Problem(f"{option} must be an amount like 2000.00, not {text!r}")
    return value
