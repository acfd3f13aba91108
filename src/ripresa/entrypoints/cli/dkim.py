"""`ripresa dkim`: the key that signs a shop's mails, and what the DNS has to say of it."""

import base64
import os
from pathlib import Path
from typing import Annotated

import typer

from ripresa.channels.smtp.dkim import BadKey, Signer
from ripresa.channels.smtp.provider import signer_of
from ripresa.contracts.provider import BadSettings
from ripresa.core.secrets.box import CannotOpen
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.registry import PROVIDERS, install_signer

app = typer.Typer(help="Sign the mails that leave by SMTP.", no_args_is_help=True)

OptionalShop = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
AccountName = Annotated[str, typer.Option("--account", help="The name of its SMTP account.")]
_TXT_BYTES = 255  # RFC 1035 3.3.14: the longest string of a TXT record; longer ones come in several


@app.command("make")
def make(
    domain: Annotated[str, typer.Option(help="What stands behind the @ of the sender.")],
    shop_slug: OptionalShop = "",
    account_name: AccountName = "smtp",
    selector: Annotated[str, typer.Option(help="The name of the key.")] = "ripresa",
    ed25519: Annotated[
        bool, typer.Option("--ed25519", help="A short key; some receivers know RSA only.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option(help="In place of --shop: a file for the key of RIPRESA_SMTP_URL's mails."),
    ] = None,
) -> None:
    """Make a key, sign with it from now on, and print the record for the DNS."""
    if (file is None) is (not shop_slug):
        raise Problem("say whose mails are signed: --shop, or --file for those of RIPRESA_SMTP_URL")
    try:
        key = _new_key(ed25519=ed25519)
        signer = Signer.of(domain, selector, key)
    except BadKey as wrong:
        raise Problem(str(wrong)) from None
    if file is not None:
        _keep(key, file)
        _tell(signer)
        typer.echo(f"\nTo sign with it: RIPRESA_DKIM={signer.record_name}={file.absolute()}")
        return
    _keep_in_account(shop_slug, account_name, signer, key)
    _tell(signer)
    typer.echo("")
    typer.echo(
        f"{account_name} signs from now on. Until the DNS has the record, receivers take its mails "
        "for unsigned. A new key needs a new selector: mails on their way still ask for the old one."
    )


@app.command("show")
def show(
    shop_slug: OptionalShop = "", account_name: AccountName = "smtp", as_json: AsJson = False
) -> None:
    """Print the record that the DNS has to have; without --shop, that of RIPRESA_DKIM."""
    signer = _signer_of(shop_slug, account_name) if shop_slug else install_signer()
    if signer is None:
        who = account_name if shop_slug else "RIPRESA_SMTP_URL"
        raise Problem(f"{who} signs nothing: ripresa dkim make makes a key")
    if as_json:
        typer.echo(json_text({"name": signer.record_name, "type": "TXT", "value": signer.record}))
        return
    _tell(signer)


def _signer_of(shop_slug: str, account_name: str) -> Signer | None:
    with home.ready():
        from ripresa.usecases.providers.provider_accounts import Accounts

        account = _smtp_account(shop_slug, account_name)
        try:
            return signer_of(Accounts(PROVIDERS).settings_of(account))
        except (BadSettings, CannotOpen) as wrong:
            raise Problem(str(wrong)) from None


def _keep_in_account(shop_slug: str, account_name: str, signer: Signer, key: str) -> None:
    with home.ready() as config:
        from ripresa.usecases.providers.provider_accounts import Accounts

        account = _smtp_account(shop_slug, account_name)
        given = {
            "dkim_domain": signer.domain,
            "dkim_selector": signer.selector,
            "dkim_key": key,
        }
        try:
            Accounts(PROVIDERS).change(account, given, now=config.clock.now())
        except (BadSettings, CannotOpen) as wrong:
            raise Problem(str(wrong)) from None


def _keep(key: str, file: Path) -> None:
    """Write a private key where nobody else can read it, and never over another."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(file, flags, 0o600), "w", encoding="ascii") as open_file:
            open_file.write(f"{key}\n")
    except FileExistsError:
        raise Problem(f"{file} is there already: a key is never written over another") from None
    except OSError as wrong:
        raise Problem(f"{file} can't be written: {wrong.strerror}") from None


def _smtp_account(shop_slug: str, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  (a model)
    from ripresa.usecases.providers.provider_accounts import NoSuchAccount, find_account

    try:
        account = find_account(shop_id=find_shop(shop_slug).id, name=name)
    except NoSuchAccount as wrong:
        raise Problem(str(wrong)) from None
    if account.provider != "smtp":
        raise Problem(f"{name} is an account of {account.provider}, which signs mails itself")
    return account


def _new_key(*, ed25519: bool) -> str:
    """A private key as `dkim_key` takes it."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate() if ed25519 else rsa.generate_private_key(65537, 2048)
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return base64.b64encode(der).decode()


def _tell(signer: Signer) -> None:
    record = signer.record
    parts = [record[at : at + _TXT_BYTES] for at in range(0, len(record), _TXT_BYTES)]
    typer.echo(f"Name   {signer.record_name}")
    typer.echo("Type   TXT")
    typer.echo(f"Value  {record}")
    if len(parts) > 1:
        typer.echo("")
        typer.echo("In a zone file, where no string may be longer than 255 characters:")
        quoted = " ".join(f'"{part}"' for part in parts)
        typer.echo(f"{signer.record_name}. IN TXT ( {quoted} )")
