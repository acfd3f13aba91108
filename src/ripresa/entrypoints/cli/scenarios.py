"""`ripresa scenario`: files in and out, checks, and going live."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="Scenario files: who hears what, when.", no_args_is_help=True)

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
Name = Annotated[str, typer.Argument(help="The scenario's name.")]
File = Annotated[Path, typer.Argument(help="A scenario file, YAML.")]


@app.command()
def validate(file: File, as_json: AsJson = False) -> None:
    """Check a scenario file without a shop; everything that is wrong is told at once."""
    text = _text(file)
    home.set_up("dbname=none")
    from ripresa.domain.scenarios.file.document import ScenarioInvalid
    from ripresa.usecases.publish_scenario import check_scenario

    try:
        plan = check_scenario(text, file_name=str(file))
    except ScenarioInvalid as wrong:
        if as_json:
            problems = [
                {"line": one.line, "field": one.field, "message": one.message}
                for one in wrong.problems
            ]
            typer.echo(json.dumps({"valid": False, "problems": problems}))
            raise typer.Exit(1) from None
        raise Problem(str(wrong)) from None
    typer.echo(json.dumps({"valid": True, "name": plan.name}) if as_json else f"{file} is fine.")


@app.command("import")
def import_file(file: File, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Store a scenario file: a new scenario as a draft, or the next version of a known one."""
    text = _text(file)
    with home.ready() as config:
        from ripresa.domain.scenarios.file.document import ScenarioInvalid
        from ripresa.usecases.publish_scenario import publish_scenario

        shop = find_shop(shop_slug)
        try:
            made = publish_scenario(
                shop_id=shop.id, text=text, file_name=str(file), now=config.clock.now()
            )
        except ScenarioInvalid as wrong:
            raise Problem(str(wrong)) from None
    if as_json:
        typer.echo(
            json.dumps({"name": made.name, "version": made.version, "new": made.is_new_version})
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

        found = _find(name, shop_slug)
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
        from ripresa.usecases import activate_scenario as use_case

        found = _find(name, shop_slug)
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
        typer.echo(json.dumps({"taken_along": done.taken_along, "left_alone": done.left_alone}))
        return
    typer.echo(
        f"{name!r} is live. Carts abandoned before: {done.taken_along} taken along, "
        f"{done.left_alone} left alone."
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Problem(f"there is no file {file}") from None
    except UnicodeDecodeError as wrong:
        raise Problem(f"{file} is not UTF-8: byte {wrong.start} can't be read") from None


def _find(name: str, shop_slug: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  (a model: Django is set up by now)
    from ripresa.domain.scenarios.models import Scenario

    shop = find_shop(shop_slug)
    found = Scenario.objects.filter(shop=shop, name=name).first()
    if found is None:
        names = Scenario.objects.filter(shop=shop).order_by("name").values_list("name", flat=True)
        there = ", ".join(repr(one) for one in names)
        raise Problem(f"{shop_slug} has no scenario {name!r}; it has: {there or 'none'}")
    return found
