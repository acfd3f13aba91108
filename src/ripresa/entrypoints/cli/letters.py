"""`ripresa letter`: see a letter before it is printed; the pictures that letters print."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from ripresa.contracts.letters.windows import WINDOWS, window_of
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.files import read_text
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop

app = typer.Typer(help="Letters: preview, pictures, what comes back.", no_args_is_help=True)
pictures = typer.Typer(help="The pictures that letters print.", no_args_is_help=True)
app.add_typer(pictures, name="picture")

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]


@app.command()
def preview(
    shop_slug: ShopSlug,
    to: Annotated[Path, typer.Option("--output", "-o", help="The PDF to write.")],
    template: Annotated[
        str, typer.Option(help="A preset (reminder, thank_you …) or a text of the shop.")
    ] = "reminder",
    file: Annotated[
        Path | None, typer.Option("--file", help="A letter of your own (YAML) instead.")
    ] = None,
    scenario: Annotated[
        str, typer.Option(help="The letter that this scenario of the shop sends.")
    ] = "",
    step: Annotated[str, typer.Option(help="Of that scenario, the step; else its first.")] = "",
    language: Annotated[str, typer.Option(help="en, it, ro, ru or de; else the shop's.")] = "",
    window: Annotated[str, typer.Option(help=f"{', '.join(WINDOWS)}; else the country's.")] = "",
    country: Annotated[str, typer.Option(help="Where the letter goes; else the shop's.")] = "",
    coupon: Annotated[str, typer.Option(help="A code to show, as BACK10.")] = "",
) -> None:
    """Print a letter about a made-up cart to a PDF. Nothing is sent."""
    if (scenario and file is not None) or (step and not scenario):
        raise Problem("say either --file or --scenario; --step is one of a --scenario")
    if window and window not in WINDOWS:
        raise Problem(f"there is no window {window!r}: {', '.join(WINDOWS)}")
    own = read_text(file) if file is not None else ""
    pdf = _printed(shop_slug, (scenario, step), (template, language, window, country, own, coupon))
    _write(to, pdf)
    typer.echo(f"{to}: {len(pdf):,} bytes")


def _printed(shop_slug: str, of: tuple[str, str], asked: tuple[str, ...]) -> bytes:
    """A letter as a step of a scenario sends it, or as `asked`: template, language, window and so on."""
    (scenario, step), (template, language, window, country, own, coupon) = of, asked
    with home.ready() as config:
        from ripresa.domain.messages.links import own_letterhead
        from ripresa.domain.templates.errors import TemplateError
        from ripresa.usecases.letters import preview as use_case

        shop = find_shop(shop_slug)
        wanted = use_case.Wanted(
            template,
            language or ("" if scenario else shop.language),
            WINDOWS[window] if window else window_of(shop.country),
            (country or shop.country).upper(),
            own,
            coupon,
        )
        try:
            if scenario:
                wanted = use_case.letter_of(
                    shop_id=shop.id, scenario=scenario, step=step, wanted=wanted
                )
            return use_case.preview(
                shop=shop, letterhead=own_letterhead(), wanted=wanted, now=config.clock.now()
            )
        except (use_case.CannotPreview, TemplateError) as wrong:
            raise Problem(str(wrong)) from None


@app.command()
def returned(
    shop_slug: ShopSlug,
    codes: Annotated[list[str], typer.Argument(help="As printed on the letters: 7K2QX-9MTB4.")],
) -> None:
    """Letters that the post brought back: nothing more is sent to their addresses."""
    _come_back(shop_slug, codes, is_return=True)


@app.command("optout")
def opted_out(
    shop_slug: ShopSlug,
    codes: Annotated[list[str], typer.Argument(help="As printed on the letters: 7K2QX-9MTB4.")],
) -> None:
    """People who asked for no more letters, by a letter that they have."""
    _come_back(shop_slug, codes, is_return=False)


def _come_back(shop_slug: str, codes: list[str], *, is_return: bool) -> None:
    with home.ready() as config:
        from ripresa.domain.messages.links import own_letterhead
        from ripresa.usecases.letters.coming_back import Desk, NoSuchLetter

        desk = Desk(find_shop(shop_slug).id, own_letterhead(), config.clock.now())
        try:
            count = desk.returned(codes) if is_return else desk.opted_out(codes)
        except NoSuchLetter as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(f"{count} letter{'s' if count != 1 else ''} taken down.")


@app.command()
def cancel(
    shop_slug: ShopSlug,
    message: Annotated[UUID, typer.Argument(help="The message's id: ripresa explain names it.")],
) -> None:
    """Cancel a letter: one that is planned, or one that its provider has not printed yet."""
    with home.ready() as config:
        from ripresa.contracts.provider import BadSettings
        from ripresa.core.secrets.box import CannotOpen
        from ripresa.domain.messages.links import own_letterhead
        from ripresa.entrypoints import registry
        from ripresa.usecases.letters import cancelling
        from ripresa.usecases.providers.provider_accounts import Accounts

        canceller = cancelling.Canceller(Accounts(registry.PROVIDERS), own_letterhead())
        try:
            canceller.cancel(
                shop_id=find_shop(shop_slug).id, message_id=message, now=config.clock.now()
            )
        except (
            cancelling.NoSuchLetter,
            cancelling.CannotCancel,
            BadSettings,
            CannotOpen,
        ) as wrong:
            raise Problem(str(wrong)) from None
    typer.echo("The letter is cancelled.")


def _write(to: Path, content: bytes) -> None:
    try:
        to.write_bytes(content)
    except OSError as wrong:
        raise Problem(f"{to} can't be written: {wrong.strerror}") from None


@pictures.command("add")
def add_picture(
    shop_slug: ShopSlug,
    file: Annotated[Path, typer.Argument(help="PNG or JPEG; for background a PDF.")],
    name: Annotated[
        str,
        typer.Option(
            help="logo, signature, background, a name that a letter uses, "
            "or the address of an item's picture."
        ),
    ],
) -> None:
    """Keep a picture for letters; one of that name gives way."""
    with home.ready() as config:
        from ripresa.domain.templates.letters.background import BadBackground
        from ripresa.domain.templates.pictures import BadPicture, keep_picture

        shop = find_shop(shop_slug)
        try:
            kept = keep_picture(
                shop_id=shop.id, name=name, content=_read(file), now=config.clock.now()
            )
        except (BadPicture, BadBackground) as wrong:
            raise Problem(f"{file}: {wrong}") from None
        typer.echo(f"{name}: {kept.media_type}, {len(kept.content):,} bytes")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise Problem(f"{file} can't be read: {wrong.strerror}") from None


@pictures.command("list")
def show_pictures(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """List the pictures of a shop."""
    with home.ready():
        from ripresa.domain.templates.pictures import list_pictures

        found = list_pictures(find_shop(shop_slug).id)
    if as_json:
        typer.echo(json_text([{"name": one.name, "type": one.media_type} for one in found]))
        return
    for one in found:
        typer.echo(f"{one.name}  {one.media_type}")


@pictures.command("remove")
def remove_picture(
    shop_slug: ShopSlug, name: Annotated[str, typer.Argument(help="Its name.")]
) -> None:
    """Forget a picture: letters go without it from then on."""
    with home.ready():
        from ripresa.domain.templates.pictures import forget_picture

        if not forget_picture(shop_id=find_shop(shop_slug).id, name=name):
            raise Problem(f"there is no picture {name!r}")
    typer.echo(f"{name} is forgotten.")
