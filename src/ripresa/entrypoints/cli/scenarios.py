"""`ripresa scenario`: files in and out, checks, and going live."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.files import read_text
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

if TYPE_CHECKING:
    from ripresa.domain.scenarios.file.document import ScenarioInvalid
    from ripresa.domain.scenarios.models import Scenario
    from ripresa.domain.scenarios.plan import Plan
    from ripresa.domain.shops.models import Shop

app = typer.Typer(help="Scenario files: who hears what, when.", no_args_is_help=True)

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
MaybeShop = Annotated[str | None, typer.Option("--shop", help="Check against what this shop has.")]
Name = Annotated[str, typer.Argument(help="The scenario's name.")]
File = Annotated[Path, typer.Argument(help="A scenario file, YAML.")]
Side = Annotated[str, typer.Argument(help="A scenario file, or with --shop a scenario's name.")]


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(help="Scenario files, YAML.")],
    shop_slug: MaybeShop = None,
    as_json: AsJson = False,
) -> None:
    """Check scenario files; everything that is wrong is told at once."""
    from ripresa.domain.scenarios.file.document import ScenarioInvalid

    texts = [(file, read_text(file)) for file in files]
    told: list[dict[str, Any]] = []
    with _around(shop_slug):
        shop = find_shop(shop_slug) if shop_slug else None
        for file, text in texts:
            try:
                plan = _check(text, str(file), shop)
                told.append({"file": str(file), "valid": True, "name": plan.name})
            except ScenarioInvalid as wrong:
                told.append({"file": str(file), "valid": False, "problems": _problems(wrong)})
                if not as_json:
                    home.report(f"ripresa: {wrong}")
            else:
                if not as_json:
                    typer.echo(f"{file} is fine.")
    is_valid = all(one["valid"] for one in told)
    if as_json:
        typer.echo(json_text({"valid": is_valid, "files": told}))
    if not is_valid:
        raise typer.Exit(1)


@app.command()
def diff(before: Side, after: Side, shop_slug: MaybeShop = None, as_json: AsJson = False) -> None:
    """What changed between two scenarios, by what they mean; remarks and order of keys don't."""
    from ripresa.domain.scenarios.file.differences import differences

    with _around(shop_slug):
        shop = find_shop(shop_slug) if shop_slug else None
        changes = differences(_plan(before, shop), _plan(after, shop))
    if as_json:
        told = [change._asdict() for change in changes]
        typer.echo(json_text({"same": not told, "changes": told}))
        return
    for change in changes:
        typer.echo(str(change))
    if not changes:
        typer.echo("Both mean the same.")


@app.command("import")
def import_file(file: File, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Store a scenario file: a new scenario as a draft, or the next version of a known one."""
    text = read_text(file)
    with home.ready() as config:
        from ripresa.domain.scenarios.file.document import ScenarioInvalid
        from ripresa.usecases.approvals.asking import NeedsApproval
        from ripresa.usecases.scenarios.publish_scenario import publish_scenario

        shop = find_shop(shop_slug)
        try:
            made = publish_scenario(
                shop_id=shop.id, text=text, file_name=str(file), now=config.clock.now()
            )
        except (ScenarioInvalid, NeedsApproval) as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(
            json_text({"name": made.name, "version": made.version, "new": made.is_new_version})
        )
    elif made.is_new_version:
        typer.echo(f"{made.name!r} is version {made.version} now.")
    else:
        typer.echo(f"{made.name!r} is just that already, version {made.version}.")


@app.command()
def export(name: Name, shop_slug: ShopSlug) -> None:
    """Print a scenario as a file, as it was last imported."""
    with home.ready():
        from ripresa.domain.scenarios.models import ScenarioVersion

        found = find_scenario(name, shop_slug)
        version = ScenarioVersion.objects.get(shop_id=found.shop_id, id=found.version_id)
    typer.echo(version.text, nl=False)


@app.command()
def activate(
    name: Name,
    shop_slug: ShopSlug,
    include_existing: Annotated[
        bool,
        typer.Option("--include-existing", help="Write to carts that are abandoned already, too."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a scenario go live. Carts abandoned before stay untouched unless you say so."""
    with home.ready() as config:
        from ripresa.usecases.scenarios import activate_scenario as use_case

        found = find_scenario(name, shop_slug)
        now = config.clock.now()
        if include_existing and not yes:
            reach = use_case.count_existing(shop_id=found.shop_id, scenario_id=found.id, now=now)
            typer.confirm(
                f"{reach.people} people left {reach.carts} carts before. Write to them?", abort=True
            )
        try:
            done = use_case.activate(
                shop_id=found.shop_id,
                scenario_id=found.id,
                now=now,
                include_existing=include_existing,
            )
        except use_case.NotPossible as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(json_text({"taken_along": done.taken_along, "left_alone": done.left_alone}))
        return
    typer.echo(
        f"{name!r} is live. Carts abandoned before: {done.taken_along} taken along, "
        f"{done.left_alone} left alone."
    )


@app.command("bases")
def legal_bases() -> None:
    """Print the shipped legal bases, as a file: what one of your own can start from."""
    from ripresa.domain.scenarios.legal_basis import presets

    typer.echo(presets.shipped_text(), nl=False)


@app.command()
def limit(
    steps: Annotated[int, typer.Argument(min=1, max=100, help="So many at most.")],
    shop_slug: ShopSlug,
) -> None:
    """Set how many steps to the customer a branch may have; a shop begins with four."""
    with home.ready():
        from ripresa.domain.shops.models import Shop

        Shop.objects.filter(id=find_shop(shop_slug).id).update(max_steps=steps)
    typer.echo(f"Scenario files of {shop_slug} may have {steps} steps to the customer in a branch.")


def _around(shop_slug: str | None) -> AbstractContextManager[Any]:
    """The database if a shop is asked for; files alone need none."""
    if shop_slug is not None:
        return home.ready()
    home.set_up("dbname=none")
    return nullcontext()


def _check(text: str, file_name: str, shop: "Shop | None") -> "Plan":
    from ripresa.usecases.scenarios.publish_scenario import check_scenario

    return check_scenario(text, file_name=file_name, shop=shop)


def _plan(side: str, shop: "Shop | None") -> "Plan":
    """The plan of a file, if there is one of that name, or of a scenario of the shop."""
    from ripresa.domain.scenarios.file.document import ScenarioInvalid
    from ripresa.domain.scenarios.plans_in_force import plan_of

    if shop is not None and not Path(side).exists():
        return plan_of(shop.id, find_scenario(side, shop.slug).version_id)
    try:
        return _check(read_text(Path(side)), side, shop)
    except ScenarioInvalid as wrong:
        raise Problem(str(wrong)) from None


def _problems(wrong: "ScenarioInvalid") -> list[dict[str, Any]]:
    return [
        {"line": one.line, "field": one.field, "message": one.message} for one in wrong.problems
    ]


def find_scenario(name: str, shop_slug: str) -> "Scenario":
    """The scenario of that name; Django is set up by now. Raises Problem."""
    from ripresa.domain.scenarios.models import Scenario

    shop = find_shop(shop_slug)
    found = Scenario.objects.filter(shop=shop, name=name).first()
    if found is None:
        names = Scenario.objects.filter(shop=shop).order_by("name").values_list("name", flat=True)
        there = ", ".join(repr(one) for one in names)
        raise Problem(f"{shop_slug} has no scenario {name!r}; it has: {there or 'none'}")
    return found
