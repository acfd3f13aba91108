"""Who carries what: shops whose messages of a kind reach nobody, and accounts that are held."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from ripresa.contracts.provider import MessageKind
from ripresa.domain.providers import calls, queries
from ripresa.domain.providers.models import ProviderAccount
from ripresa.domain.shops.models import Shop
from ripresa.entrypoints.doctor.finding import Finding

_KINDS = {"sms": "SMS", "letter": "letters"}
_SHOWN = 5
_DAY = timedelta(days=1)


def check_carriers(now: datetime, *, takes_mail_in: bool = True) -> Iterator[Finding]:
    """One finding for each kind without a provider, and for each account. Mails have their own check."""
    without: dict[str, list[str]] = defaultdict(list)
    accounts = []
    for shop_id, slug in Shop.objects.order_by("slug").values_list("id", "slug"):
        for kind in queries.recorded_only(shop_id):
            without[kind].append(slug)
        accounts += [(slug, account) for account in queries.list_accounts(shop_id)]
    for kind, words in _KINDS.items():
        if slugs := without.get(kind):
            found = f"{words} of {_some(slugs)} are recorded and not sent: no provider carries them"
            advice = "add one: `ripresa provider add`; or leave them out of scenarios"
            yield Finding(kind, "ok", found, advice)
    for slug, account in accounts:
        about = f"{account.name} of {slug} ({account.provider}, {account.kind})"
        if account.paused_at is not None:
            found = f"{about} is held: {account.paused_reason}"
            advice = f"mend it, then: ripresa provider resume {account.name} --shop {slug}"
            yield Finding("provider", "warn", found, advice)
        elif account.kind == MessageKind.MAILBOX and not takes_mail_in:
            advice = "set RIPRESA_MAILBOX, and run `ripresa up` or `ripresa mailbox` with it"
            yield Finding("provider", "warn", f"{about}: nobody takes in what comes to it", advice)
        else:
            use = "in use" if account.is_active else "hears of what it has sent"
            yield Finding("provider", "ok", f"{about}: {use}")
        yield from _refused_calls(account, about, now)


def _refused_calls(account: ProviderAccount, about: str, now: datetime) -> Iterator[Finding]:
    refused = calls.refused_since(account.shop_id, now - _DAY).get(account.id)
    if refused is not None:
        number, _ = refused
        found = f"{about}: {number} calls since yesterday were not believed"
        [latest] = calls.latest_refused(account.shop_id, account.id, 1)
        advice = f"the latest: {latest.detail}; look at its secrets, and at what the provider signs"
        yield Finding("provider", "warn", found, advice)


def _some(slugs: list[str]) -> str:
    more = len(slugs) - _SHOWN
    return ", ".join(slugs[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
