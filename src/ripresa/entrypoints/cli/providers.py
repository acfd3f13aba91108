"""`ripresa provider`: a shop's accounts with those who carry its messages."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ripresa.contracts.provider import BadSettings, MessageKind, Provider
from ripresa.core.secrets.box import CannotOpen
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.provider_settings import settings_from
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.registry import PROVIDERS

if TYPE_CHECKING:  # importing models needs Django set up
    from ripresa.domain.providers.models import ProviderAccount

app = typer.Typer(help="Who carries a shop's messages.", no_args_is_help=True)

ShopSlug = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
Name = Annotated[str, typer.Argument(help="The account's name.")]
Given = Annotated[
    list[str] | None,
    typer.Option("--set", help="A setting that is no secret, as name=value; once for each."),
]
FromStdin = Annotated[
    bool, typer.Option("--stdin", help="Read secrets from standard input, as name=value lines.")
]


@app.command("known")
def list_known(
    provider_name: Annotated[str, typer.Argument()] = "", as_json: AsJson = False
) -> None:
    """List the providers there are, or what one has to be told."""
    known = [_provider(provider_name)] if provider_name else list(PROVIDERS.values())
    if as_json:
        typer.echo(json_text({"providers": [_declared(one) for one in known]}))
        return
    for one in known:
        typer.echo(f"{one.name}  {one.kind.value}  {one.label}")
        for setting in one.settings if provider_name else ():
            kind = "secret" if setting.is_secret else "setting"
            default = "" if setting.default is None else f" (default {setting.default!r})"
            typer.echo(f"  {setting.name}  {kind}  {setting.help}{default}")


@app.command("add")
def add_account(
    provider_name: Annotated[str, typer.Argument(help="See `ripresa provider known`.")],
    shop_slug: ShopSlug,
    name: Annotated[str, typer.Option(help="What the shop calls it.")] = "",
    given: Given = None,
    stdin: FromStdin = False,
) -> None:
    """Add an account and put it to use.

    Secrets are asked for, read from standard input, or taken from RIPRESA_PROVIDER_<NAME>.
    """
    provider = _provider(provider_name)
    settings = settings_from(provider, given or [], stdin=stdin, is_new=True)
    with home.ready() as config:
        from ripresa.domain.providers.operations import AccountExists
        from ripresa.usecases.providers.provider_accounts import Accounts, hook_url

        shop = find_shop(shop_slug)
        try:
            account = Accounts(PROVIDERS).add(
                shop_id=shop.id,
                provider_name=provider_name,
                name=name or provider_name,
                given=settings,
                now=config.clock.now(),
            )
        except BadSettings as wrong:
            raise Problem(str(wrong)) from None
        except AccountExists as taken:
            raise Problem(f"{shop_slug} has an account {taken} already: give --name") from None
        hook = hook_url(account, config)
    typer.echo(_from_now_on(account.name, account.kind, shop_slug))
    if hook is not None:
        typer.echo(
            f"Tell the provider to report to this address, and keep it to yourselves: {hook}"
        )


@app.command("change")
def change_account(
    name: Name, shop_slug: ShopSlug, given: Given = None, stdin: FromStdin = False
) -> None:
    """Change what is given; the rest stays. A secret is changed by --stdin or its environment variable."""
    with home.ready() as config:
        from ripresa.usecases.providers.provider_accounts import Accounts

        account = find_account_of(shop_slug, name)
        settings = settings_from(
            _provider(account.provider), given or [], stdin=stdin, is_new=False
        )
        try:
            Accounts(PROVIDERS).change(account, settings, now=config.clock.now())
        except (BadSettings, CannotOpen) as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(f"{name} is changed." if settings else f"Nothing was given: {name} is as it was.")


@app.command("list")
def list_accounts(shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """List the accounts of a shop."""
    with home.ready():
        from ripresa.domain.providers import queries

        rows = [_told(one) for one in queries.list_accounts(find_shop(shop_slug).id)]
    if as_json:
        typer.echo(json_text({"providers": rows}))
        return
    if not rows:
        typer.echo(f"{shop_slug} has no provider accounts.")
    for row in rows:
        state = f"held: {row['paused_reason']}" if row["paused_at"] else "sending"
        state = state if row["in_use"] or row["paused_at"] else "not in use"
        balance = f"  {row['balance']} {row['balance_unit']}" if row["balance"] else ""
        typer.echo(f"{row['name']}  {row['kind']}  {row['provider']}  {state}{balance}")


@app.command("show")
def show_account(name: Name, shop_slug: ShopSlug, as_json: AsJson = False) -> None:
    """Show an account; of its secrets only that they are there."""
    with home.ready() as config:
        from ripresa.usecases.providers.provider_accounts import hook_url

        account = find_account_of(shop_slug, name)
        row = {**_told(account), "hook_url": hook_url(account, config)}
    if as_json:
        typer.echo(json_text(row))
        return
    for key, value in row.items():
        if isinstance(value, dict):
            for setting, said in value.items():
                typer.echo(f"{setting}: {said}")
        elif value not in (None, ""):
            typer.echo(f"{key}: {value}")


@app.command("use")
def use_account(name: Name, shop_slug: ShopSlug) -> None:
    """Let this account carry what the shop sends of its kind from now on."""
    with home.ready() as config:
        from ripresa.usecases.providers import provider_accounts

        account = find_account_of(shop_slug, name)
        provider_accounts.use_account(account, now=config.clock.now())
    typer.echo(_from_now_on(name, account.kind, shop_slug))


@app.command("pause")
def pause_account(
    name: Name,
    shop_slug: ShopSlug,
    reason: Annotated[str, typer.Option(help="Why, for those who read it.")] = "held by hand",
) -> None:
    """Hold what would leave through an account. Nothing planned is lost."""
    with home.ready() as config:
        from ripresa.usecases.providers import provider_accounts

        account = find_account_of(shop_slug, name)
        is_new = provider_accounts.pause_account(account, reason, now=config.clock.now())
    typer.echo(f"{name} is held." if is_new else f"{name} was held already.")


@app.command("resume")
def resume_account(name: Name, shop_slug: ShopSlug) -> None:
    """Let messages leave through an account again; what waited is due at once."""
    with home.ready() as config:
        from ripresa.usecases.providers import provider_accounts

        account = find_account_of(shop_slug, name)
        was_held = provider_accounts.resume_account(
            shop_id=account.shop_id, account_id=account.id, now=config.clock.now()
        )
    typer.echo(f"{name} sends again." if was_held else f"{name} was not held.")


@app.command("remove")
def remove_account(name: Name, shop_slug: ShopSlug) -> None:
    """Forget an account and its secrets. What its provider still tells is no longer heard."""
    with home.ready() as config:
        from ripresa.usecases.providers import provider_accounts

        account = find_account_of(shop_slug, name)
        provider_accounts.remove_account(account, now=config.clock.now())
    typer.echo(f"{name} is forgotten.")


@app.command("rotate")
def rotate() -> None:
    """Seal the secrets of every shop with a new key."""
    with home.ready():
        from ripresa.usecases.providers.provider_accounts import Accounts, rotate_keys

        try:
            count, is_ours = rotate_keys(Accounts(PROVIDERS))
        except CannotOpen as wrong:
            raise Problem(str(wrong)) from None
    typer.echo(f"{count} accounts are sealed with the newest key.")
    if not is_ours:
        typer.echo("Keys after the first one in RIPRESA_SECRET_KEYS are no longer needed.")


def _provider(name: str) -> Provider:
    if name not in PROVIDERS:
        there = ", ".join(sorted(PROVIDERS))
        raise Problem(f"there is no provider {name!r}; there are: {there}")
    return PROVIDERS[name]


def find_account_of(shop_slug: str, name: str) -> "ProviderAccount":
    """The account of that name of a shop. Raises Problem."""
    from ripresa.usecases.providers.provider_accounts import NoSuchAccount, find_account

    try:
        return find_account(shop_id=find_shop(shop_slug).id, name=name)
    except NoSuchAccount as wrong:
        raise Problem(str(wrong)) from None


def _told(account: Any) -> dict[str, Any]:
    """An account as it may be shown: its secrets by name alone."""
    provider = PROVIDERS.get(account.provider)
    secrets = sorted(provider.secret_names) if provider else []
    return {
        "name": account.name,
        "kind": account.kind,
        "provider": account.provider,
        "in_use": account.is_active,
        "paused_at": account.paused_at and account.paused_at.isoformat(),
        "paused_reason": account.paused_reason,
        "settings": {**account.settings, **dict.fromkeys(secrets, "set, and not shown")},
        "balance": None if account.balance is None else str(account.balance.normalize()),
        "balance_unit": account.balance_unit,
        "balance_at": account.balance_at and account.balance_at.isoformat(),
    }


def _declared(provider: Provider) -> dict[str, Any]:
    return {
        "name": provider.name,
        "label": provider.label,
        "kind": provider.kind.value,
        "settings": [
            {
                "name": one.name,
                "help": one.help,
                "is_secret": one.is_secret,
                "default": one.default,
            }
            for one in provider.settings
        ],
    }


def _from_now_on(name: str, kind: str, shop_slug: str) -> str:
    if kind == MessageKind.MAILBOX:
        return f"{name} takes in what comes back to {shop_slug} from now on."
    return f"{name} carries what {shop_slug} sends by {kind} from now on."
