"""`ripresa shop` and `ripresa user`."""

import secrets
from typing import Annotated, Any

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text

shop = typer.Typer(help="Create and change shops.", no_args_is_help=True)
user = typer.Typer(help="Create people who work in a shop.", no_args_is_help=True)

OwnerEmail = Annotated[
    str | None,
    typer.Option(help="Who hears what the shop must know, and of customers without an agent."),
]
CoupleChannels = Annotated[
    bool | None,
    typer.Option(
        "--couple-channels/--separate-channels",
        help="One yes to e-mail or SMS is a yes to both, and so is one no.",
    ),
]
ConfirmConsent = Annotated[
    str | None,
    typer.Option(help="Whose yes in the pages must be confirmed: by_country, always, never."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


_WORDS = """\
Shop {shop} is made. Keep the keys: they are shown this once.
  secret key, for your own systems (/v1/events):  {secret_key}
  public key, for the storefront script (/v1/collect):  {public_key}"""


@shop.callback()
def _shop() -> None:
    """Create and change shops."""


@user.callback()
def _user() -> None:
    """Create people who work in a shop."""


@shop.command("create")
def create_shop(
    slug: Annotated[str, typer.Argument(help="Short name: stands in the console's addresses.")],
    name: Annotated[str, typer.Option(help="The name that customers know.")] = "",
    store_url: Annotated[str, typer.Option(help="Where the shop is, for instance https://…")] = "",
    currency: Annotated[str, typer.Option(help="ISO 4217.")] = "EUR",
    timezone: Annotated[str, typer.Option(help="IANA name.")] = "Europe/Rome",
    country: Annotated[str, typer.Option(help="ISO 3166, two letters.")] = "IT",
    language: Annotated[str, typer.Option(help="The shop's own language: en, it.")] = "en",
    owner_email: OwnerEmail = None,
    as_json: AsJson = False,
) -> None:
    """Create a shop and print its two access keys, which are shown this once."""
    with home.ready() as config:
        from ripresa.usecases.shops import create_shop as use_case

        try:
            made = use_case.create_shop(
                slug=slug,
                name=name or slug,
                now=config.clock.now(),
                store_url=store_url,
                currency=currency.upper(),
                timezone=timezone,
                country=country.upper(),
                language=language,
                owner_email=(owner_email or "").lower(),
            )
        except (use_case.NotASlug, use_case.NotASetting, use_case.ShopExists) as wrong:
            raise Problem(str(wrong)) from None
        told = {
            "shop": made.shop.slug,
            "id": made.shop.id,
            "secret_key": made.secret_key,
            "public_key": made.public_key,
        }
        _warn_of_silence(language)
    typer.echo(json_text(told) if as_json else _WORDS.format(**told))


@shop.command("change")
def change_shop(
    slug: Annotated[str, typer.Argument(help="The shop's short name.")],
    name: Annotated[str | None, typer.Option(help="The name that customers know.")] = None,
    owner_email: OwnerEmail = None,
    address: Annotated[
        str | None,
        typer.Option(help="The shop's own postal address, as mails and letters show it."),
    ] = None,
    help_contact: Annotated[
        str | None,
        typer.Option(help="Where the shop's people are found, as HELP by SMS is answered."),
    ] = None,
    least_gap: Annotated[
        str | None,
        typer.Option(help="Least time between two steps to anybody, over all scenarios: 24h."),
    ] = None,
    abandoned_after: Annotated[
        str | None, typer.Option(help="How long nothing must happen until a cart is abandoned: 1h.")
    ] = None,
    expires_after: Annotated[
        str | None, typer.Option(help="How long after that a cart is given up: 30d.")
    ] = None,
    collect: Annotated[
        bool | None,
        typer.Option("--collect/--no-collect", help="Whether the storefront script is heard."),
    ] = None,
    couple_channels: CoupleChannels = None,
    confirm_consent: ConfirmConsent = None,
) -> None:
    """Change what is given; the rest stays."""
    said: dict[str, Any] = {
        "name": name,
        "owner_email": None if owner_email is None else owner_email.lower(),
        "address": address,
        "help_contact": help_contact,
        "collect_enabled": collect,
    }
    times = {
        "min_gap": least_gap,
        "abandoned_after": abandoned_after,
        "expires_after": expires_after,
    }
    consent: Any = {"couple_channels": couple_channels, "confirm_consent": confirm_consent}
    with home.ready() as config:
        from ripresa.domain.scenarios.durations import NotADuration, parse_duration
        from ripresa.usecases.consent.consent_settings import change_consent_settings
        from ripresa.usecases.shops import change_shop as use_case
        from ripresa.usecases.shops.create_shop import NotASetting

        found = find_shop(slug)
        try:
            for column, text in times.items():
                said[column] = None if text is None else parse_duration(text).at_most()
            settings = {column: value for column, value in said.items() if value is not None}
            use_case.change_shop(shop_id=found.id, now=config.clock.now(), **settings)
            change_consent_settings(shop_id=found.id, now=config.clock.now(), **consent)
        except (NotASetting, NotADuration, use_case.ScenarioTooQuick) as wrong:
            raise Problem(str(wrong)) from None
    is_changed = any(value is not None for value in (*said.values(), *consent.values()))
    typer.echo(f"{slug} is changed." if is_changed else f"Nothing was given: {slug} is as it was.")


@user.command("create")
def create_user(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    role: Annotated[str, typer.Option(help="owner, marketer, agent or viewer.")] = "owner",
    password: Annotated[str, typer.Option(help="Made up and printed if you give none.")] = "",
    as_json: AsJson = False,
) -> None:
    """Create someone who may sign in to the console."""
    chosen = password or secrets.token_urlsafe(12)
    with home.ready() as config:
        from ripresa.usecases.shops import create_shop as use_case

        if role not in use_case.ROLES:
            raise Problem(f"a role is one of {', '.join(use_case.ROLES)}, not {role!r}")
        found = find_shop(shop_slug)
        try:
            use_case.create_user(
                email=email, password=chosen, shop=found, role=role, now=config.clock.now()
            )
        except use_case.UserExists:
            raise Problem(f"there is a user {email!r} already") from None
    if as_json:
        typer.echo(json_text({"email": email.lower(), "password": chosen, "role": role}))
        return
    typer.echo(f"{email} may sign in as {role} of {shop_slug}. Password: {chosen}")


def _warn_of_silence(language: str) -> None:
    """Say so where no text is shipped in the shop's language: scenarios would need another default."""
    from ripresa.domain.templates.catalogue import list_presets

    spoken = set.intersection(*(set(preset.languages) for preset in list_presets()))
    if language not in spoken:
        home.report(
            f"There are no texts in {language!r}: scenarios of this shop need another default "
            f"language ({', '.join(sorted(spoken))})."
        )


def find_shop(slug: str):  # type: ignore[no-untyped-def]  # noqa: ANN201  (a model: Django is set up by now)
    """The shop of that short name. Raises Problem, naming those there are."""
    from ripresa.domain.shops.models import Shop

    found = Shop.objects.filter(slug=slug).first()
    if found is None:
        there = ", ".join(Shop.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise Problem(
            f"there is no shop {slug!r}; "
            + (f"there are: {there}" if there else "create one first")
        )
    return found
