"""From which domains mails go, by which servers, and what the DNS says of them."""

from collections.abc import Iterator

from ripresa.channels.smtp.dkim import Signer
from ripresa.channels.smtp.provider import signer_of
from ripresa.channels.smtp.settings import BadSmtpUrl, SmtpSettings
from ripresa.contracts.provider import BadSettings
from ripresa.core.config import Config, ConfigError, dns_server
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.messages.senders import list_senders
from ripresa.domain.providers import queries
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.domain.shops.models import Shop
from ripresa.entrypoints.doctor.finding import Finding
from ripresa.entrypoints.doctor.sender_domain import (
    SenderDomain,
    Signing,
    examine_domain,
    examine_server,
)
from ripresa.entrypoints.registry import PROVIDERS, install_signer, smtp_settings
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.receiving.asking import Asker

_MOST_DOMAINS = 20


def check_senders(config: Config) -> Iterator[Finding]:
    """What receivers will make of the senders of every shop."""
    domains = list(dict.fromkeys(_domains(config)))
    asker = Asker(dns_server())
    for sender in domains[:_MOST_DOMAINS]:
        yield from examine_domain(asker, sender)
    if len(domains) > _MOST_DOMAINS:
        left = len(domains) - _MOST_DOMAINS
        yield Finding("sender", "ok", f"{left} more domains of senders were not looked at")
    for server in dict.fromkeys(one.server for one in domains if one.server):
        yield examine_server(asker, server)
    if domains:
        yield _check_one_click(config)


def check_shop(config: Config, shop: Shop) -> Iterator[Finding]:
    """What receivers will make of the domains of one shop."""
    asker = Asker(dns_server())
    for sender in list(_domains_of_shop(config, shop))[:_MOST_DOMAINS]:
        yield from examine_domain(asker, sender)


def _check_one_click(config: Config) -> Finding:
    """RFC 8058: receivers use the header only where the address is HTTPS."""
    if config.public_url.startswith("https://"):
        return Finding("unsubscribe", "ok", "one click in the reader's mail program is enough")
    found = f"{config.public_url} is not HTTPS, so mails carry no one-click unsubscribe"
    return Finding("unsubscribe", "warn", found, "big receivers ask for it: set RIPRESA_PUBLIC_URL")


def _domains(config: Config) -> Iterator[SenderDomain]:
    for shop in Shop.objects.order_by("slug"):
        yield from _domains_of_shop(config, shop)


def _domains_of_shop(config: Config, shop: Shop) -> Iterator[SenderDomain]:
    server, signing = _carrier(config, shop.id)
    for domain in sorted(_domains_of(shop)):
        yield SenderDomain(domain, server, signing)


def _domains_of(shop: Shop) -> set[str]:
    """The domains of stored senders, of what live scenarios say, and of the owner who stands in."""
    addresses = [one.email for one in list_senders(shop.id)]
    live = Scenario.objects.filter(shop_id=shop.id, state="live").values_list("version_id")
    versions = ScenarioVersion.objects.filter(shop_id=shop.id, id__in=live)
    senders = versions.values_list("plan__sender__email", flat=True)
    addresses += [one or shop.owner_email for one in senders]
    return {one.rpartition("@")[2].lower() for one in addresses if one}


def _carrier(config: Config, shop_id: int) -> tuple[str | None, Signing | None]:
    """The mail server of a shop and the key it signs with; no server: a mail service."""
    for account in queries.active_accounts(shop_id):
        if account.kind != "email":
            continue
        if account.provider != "smtp":
            return None, None
        try:
            settings = Accounts(PROVIDERS).settings_of(account)
            signer = signer_of(settings)
            host = SmtpSettings.from_url(settings["url"]).host
        except (BadSettings, CannotOpen, BadSmtpUrl):
            return None, None  # the account has a finding of its own
        return host, _signing(signer)
    try:
        return smtp_settings(config).host, _signing(install_signer())
    except ConfigError:
        return None, None


def _signing(signer: Signer | None) -> Signing | None:
    if signer is None:
        return None
    return Signing(signer.domain, signer.record_name, signer.record)
