"""Which providers there are: the one place where a channel's name meets its implementation."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ripresa.channels.anymail import provider as mail_services
from ripresa.channels.http_gateway import provider as http_gateway
from ripresa.channels.mailbox import provider as mailbox
from ripresa.channels.mailbox.lmtp import BadLmtpAddress, LmtpAddress
from ripresa.channels.pingen import provider as pingen
from ripresa.channels.print_folder import provider as print_folder
from ripresa.channels.recording.channel import RecordingChannel
from ripresa.channels.signed_webhook import provider as signed_webhook
from ripresa.channels.slack import provider as slack
from ripresa.channels.smsapi import provider as smsapi
from ripresa.channels.smtp import provider as smtp
from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.dkim import BadKey, Signer
from ripresa.channels.smtp.settings import BadSmtpUrl, SmtpSettings
from ripresa.channels.teams import provider as teams
from ripresa.channels.twilio import provider as twilio
from ripresa.channels.vonage import provider as vonage
from ripresa.connectors.billbee import connector as billbee
from ripresa.connectors.medusa import connector as medusa
from ripresa.connectors.shopify import connector as shopify
from ripresa.connectors.woocommerce import connector as woocommerce
from ripresa.contracts.channel import Channel, Channels, OutgoingEmail
from ripresa.contracts.provider import Provider
from ripresa.contracts.shops.connector import Connector
from ripresa.core.config import Config, ConfigError, dkim_key, load

if TYPE_CHECKING:
    from ripresa.usecases.shop_channels import ShopChannels

FETCH_ONLY = "fetch"
# What a shop can have an account with: a line each.
_PROVIDERS: tuple[Provider, ...] = (
    smtp.PROVIDER,
    *mail_services.PROVIDERS,
    *mailbox.PROVIDERS,
    smsapi.PROVIDER,
    twilio.PROVIDER,
    vonage.PROVIDER,
    http_gateway.PROVIDER,
    print_folder.PROVIDER,
    pingen.PROVIDER,
    slack.PROVIDER,
    teams.PROVIDER,
    signed_webhook.PROVIDER,
)  # fmt: skip
# What a shop can be on: a line each.
_CONNECTORS: tuple[Connector, ...] = (
    shopify.CONNECTOR,
    woocommerce.CONNECTOR,
    medusa.CONNECTOR,
    billbee.CONNECTOR,
)
CONNECTORS: Mapping[str, Connector] = {one.name: one for one in _CONNECTORS}
PROVIDERS: Mapping[str, Provider] = {one.name: one for one in _PROVIDERS}


def smtp_settings(config: Config) -> SmtpSettings:
    """The mail server. Raises ConfigError."""
    try:
        return SmtpSettings.from_url(config.smtp_url)
    except BadSmtpUrl as wrong:
        raise ConfigError(f"RIPRESA_SMTP_URL: {wrong}") from None


def lmtp_address(config: Config) -> LmtpAddress | None:
    """Where mail is handed to us; None: it is only fetched. Raises ConfigError."""
    if config.mailbox in {None, FETCH_ONLY}:
        return None
    try:
        return LmtpAddress.from_text(config.mailbox or "")
    except BadLmtpAddress as wrong:
        raise ConfigError(f"RIPRESA_MAILBOX: {wrong}, or {FETCH_ONLY!r}") from None


def install_signer() -> Signer | None:
    """What signs the mails that leave by RIPRESA_SMTP_URL; None: nobody of ours. Raises ConfigError.

    RIPRESA_DKIM is `<selector>._domainkey.<domain>=<file>`, as the DNS names the key; the file holds it
    as PKCS 8, in PEM or as base64 alone.
    """
    text = dkim_key()
    if text is None:
        return None
    name, _, file = text.partition("=")
    selector, mark, domain = name.strip().partition("._domainkey.")
    if not (selector and mark and domain and file.strip()):
        raise ConfigError(
            "RIPRESA_DKIM must look like ripresa._domainkey.wines.example=/etc/ripresa/dkim.key, "
            f"not {text!r}"
        )
    try:
        lines = Path(file.strip()).read_text(encoding="ascii").split()
        return Signer.of(domain, selector, _key_in(lines))
    except (OSError, UnicodeDecodeError) as wrong:
        raise ConfigError(f"RIPRESA_DKIM: {file.strip()} can't be read: {wrong}") from None
    except BadKey as wrong:
        raise ConfigError(f"RIPRESA_DKIM: {wrong}") from None


def _key_in(words: Sequence[str]) -> str:
    """The base64 of a file, with or without the lines that PEM puts around it."""
    text = " ".join(words)
    if text.startswith("-----BEGIN"):
        text = text.partition("KEY-----")[2].partition("-----END")[0]
    return text.replace(" ", "")


def email_channel(config: Config) -> Channel[OutgoingEmail]:
    """The channel for e-mail. Raises ConfigError; connects only when it has something to send."""
    try:
        return SmtpChannel(smtp_settings(config), install_signer())
    except BadSmtpUrl as wrong:
        raise ConfigError(f"RIPRESA_SMTP_URL: {wrong}") from None


def install_channels(config: Config) -> Channels:
    """What carries the messages of shops without an account of their own. Raises ConfigError.

    For SMS and letters that is nobody: they are recorded.
    """
    return Channels(email_channel(config), RecordingChannel(), RecordingChannel())


def open_shop_channels() -> "ShopChannels":
    """The channels of every shop, as a worker has them, to be closed again. Raises ConfigError."""
    # Use cases need Django's tables, and this module is read before they are.
    from ripresa.usecases.providers.provider_accounts import Accounts
    from ripresa.usecases.shop_channels import ShopChannels

    return ShopChannels(Accounts(PROVIDERS), install_channels(load()))
