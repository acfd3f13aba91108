"""Changing provider accounts. Secrets come sealed: see ripresa.core.secrets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from ripresa.core.ids import new_id
from ripresa.domain.providers.models import ProviderAccount


class AccountExists(Exception):
    """The shop has an account of that name."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be. `settings` are the open ones, `secrets` the others, sealed.

    `hook_reply`: what its provider hears when it calls us: status, content_type, body.
    """

    kind: str
    provider: str
    name: str
    settings: dict[str, str]
    secrets: bytes
    hook_reply: dict[str, Any] | None = None


@transaction.atomic
def add_account(*, shop_id: int, account: NewAccount, now: datetime) -> ProviderAccount:
    """Give a shop one more account, and put it to use for its kind. Raises AccountExists.

    The one in use until now goes on hearing of what it has sent.
    """
    if ProviderAccount.objects.filter(shop_id=shop_id, name=account.name).exists():
        raise AccountExists(account.name)
    _retire(shop_id, account.kind)
    return ProviderAccount.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        kind=account.kind,
        provider=account.provider,
        name=account.name,
        settings=account.settings,
        secrets=account.secrets,
        hook_reply=account.hook_reply,
        created_at=now,
    )


@transaction.atomic
def use_account(account: ProviderAccount) -> None:
    """Let `account` carry what its shop sends of its kind from now on."""
    _retire(account.shop_id, account.kind)
    _own(account.shop_id, account.id).update(is_active=True)


def change_settings(account: ProviderAccount, settings: dict[str, str], secrets: bytes) -> None:
    """Give an account other settings; it is opened anew."""
    _own(account.shop_id, account.id).update(
        settings=settings, secrets=secrets, version=F("version") + 1
    )


def pause_account(*, shop_id: int, account_id: UUID, reason: str, now: datetime) -> bool:
    """Hold what leaves through an account; nothing planned is lost. False: it was held already."""
    running = _own(shop_id, account_id).filter(paused_at__isnull=True)
    return bool(running.update(paused_at=now, paused_reason=reason))


def resume_account(*, shop_id: int, account_id: UUID) -> bool:
    """Let messages leave through an account again. False: it was not held."""
    held = _own(shop_id, account_id).filter(paused_at__isnull=False)
    return bool(held.update(paused_at=None, paused_reason=""))


def record_balance(
    *, shop_id: int, account_id: UUID, amount: str, unit: str, now: datetime
) -> None:
    """Take down what is left on an account; `amount` is a decimal."""
    _own(shop_id, account_id).update(balance=amount, balance_unit=unit, balance_at=now)


def note_looked_at(*, shop_id: int, account_id: UUID, now: datetime) -> None:
    """Nobody told what is left on an account: what was known stays, and the look is noted."""
    _own(shop_id, account_id).update(balance_at=now)


def remove_account(account: ProviderAccount) -> None:
    """Forget an account with its secrets. What is still told of its messages is no longer heard."""
    _own(account.shop_id, account.id).delete()


@transaction.atomic
def reseal_all(reseal: Callable[[bytes], bytes]) -> int:
    """Seal the secrets of every account of every shop anew; returns how many."""
    with connection.cursor() as cursor:
        # Who adds or changes an account meanwhile waits, and is then sealed with a key that stays.
        cursor.execute("LOCK TABLE provider_account IN SHARE ROW EXCLUSIVE MODE")
    # Sorted by shop, so that each statement is one shop's own.
    accounts = list(ProviderAccount.objects.order_by("shop_id", "id"))
    for account in accounts:
        _own(account.shop_id, account.id).update(secrets=reseal(bytes(account.secrets)))
    return len(accounts)


def _own(shop_id: int, account_id: UUID) -> QuerySet[ProviderAccount]:
    return ProviderAccount.objects.filter(shop_id=shop_id, id=account_id)


def _retire(shop_id: int, kind: str) -> None:
    ProviderAccount.objects.filter(shop_id=shop_id, kind=kind, is_active=True).update(
        is_active=False
    )
