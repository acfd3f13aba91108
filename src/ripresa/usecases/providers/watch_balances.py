"""Look at what is left on shops' accounts, and hold an account before it is empty (SCN-11).

Messages that wait lose nothing; messages refused halfway through a campaign for want of credit do.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import Channel, Channels, ChannelsOfShops
from ripresa.contracts.provider import BadSettings, Balance, HasBalance
from ripresa.contracts.sms.settings import low_balance
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.providers import operations, queries
from ripresa.domain.providers.models import ProviderAccount

# Often enough for what a shop can send meanwhile, seldom enough for any provider.
EVERY = timedelta(minutes=10)
_TIMEOUT = timedelta(seconds=5)

_log = structlog.get_logger("ripresa.providers")


def shops_to_ask(now: datetime) -> list[int]:
    """The shops with an account in use whose balance was not looked at for a while."""
    return queries.shops_with_old_balance(now - EVERY)


def watch_balances(*, shop_id: int, now: datetime, channels: ChannelsOfShops) -> int:
    """Ask for the balance of a shop's accounts in use; returns how many were due.

    Where the provider does not tell, now or ever, the account only counts as looked at.
    """
    due = queries.accounts_with_old_balance(shop_id, now - EVERY)
    if not due:
        return 0
    open_ones = channels.of(shop_id, now)
    for account in due:
        channel = _channel(open_ones, account)
        balance = channel.balance(timeout=_TIMEOUT) if isinstance(channel, HasBalance) else None
        _note(account, balance, now)
    return len(due)


@transaction.atomic
def _note(account: ProviderAccount, balance: Balance | None, now: datetime) -> None:
    shop_id, account_id = account.shop_id, account.id
    if balance is None:
        operations.note_looked_at(shop_id=shop_id, account_id=account_id, now=now)
        return
    operations.record_balance(
        shop_id=shop_id, account_id=account_id, amount=balance.amount, unit=balance.unit, now=now
    )
    least = _least(account)
    if Decimal(balance.amount) >= least:
        return
    reason = say(
        "only {amount} {unit} is left, less than its low_balance of {least}",
        amount=balance.amount,
        unit=balance.unit,
        least=least,
    )
    if operations.pause_account(shop_id=shop_id, account_id=account_id, reason=reason, now=now):
        _log.warning("provider account held", account=account.name, reason=reason)
        telling = Telling("account", account.name, reason)
        tell_owner(shop_id=shop_id, tellings=[telling], now=now)


def _channel(channels: Channels, account: ProviderAccount) -> Channel[Any] | None:
    if channels.accounts.get(account.kind) != account.id:
        return None
    return getattr(channels, account.kind, None)


def _least(account: ProviderAccount) -> Decimal:
    try:
        return low_balance(account.settings)
    except BadSettings:  # an account of an older release
        return Decimal(0)
