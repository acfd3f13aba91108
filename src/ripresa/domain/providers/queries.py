"""Reading provider accounts: which carry what, and which are held."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ripresa.domain.providers.models import ProviderAccount

# Kinds for which the install itself has no provider: without an account of the shop's own, what is
# handed over there is recorded and reaches nobody. E-mail leaves by RIPRESA_SMTP_URL.
NEED_AN_ACCOUNT = frozenset({"sms", "letter"})


def list_accounts(shop_id: int) -> list[ProviderAccount]:
    """All accounts of a shop, by kind, those in use first."""
    found = ProviderAccount.objects.filter(shop_id=shop_id)
    return list(found.order_by("kind", "-is_active", "name"))


def shops_with_accounts(kind: str) -> list[int]:
    """The shops that have an account in use for messages of a kind, in order."""
    active = ProviderAccount.objects.filter(kind=kind, is_active=True, paused_at__isnull=True)
    return list(active.order_by("shop_id").values_list("shop_id", flat=True))


def active_accounts(shop_id: int) -> list[ProviderAccount]:
    """The accounts that carry what a shop sends, at most one of each kind."""
    return list(ProviderAccount.objects.filter(shop_id=shop_id, is_active=True).order_by("kind"))


def find_account(shop_id: int, account_id: UUID) -> ProviderAccount | None:
    """One account."""
    return ProviderAccount.objects.filter(shop_id=shop_id, id=account_id).first()


def find_account_named(shop_id: int, name: str) -> ProviderAccount | None:
    """The account of that name."""
    return ProviderAccount.objects.filter(shop_id=shop_id, name=name).first()


def recorded_only(shop_id: int) -> frozenset[str]:
    """The kinds of messages that a shop may plan and that reach nobody."""
    active = ProviderAccount.objects.filter(shop_id=shop_id, is_active=True)
    return NEED_AN_ACCOUNT - set(active.values_list("kind", flat=True))


def paused_kinds(shop_id: int) -> frozenset[str]:
    """The kinds of messages that wait, for the account that carries them is held."""
    held = Q(is_active=True, paused_at__isnull=False)
    found = ProviderAccount.objects.filter(held, shop_id=shop_id)
    return frozenset(found.values_list("kind", flat=True))


def shops_with_old_balance(before: datetime) -> list[int]:
    """The shops with an account in use whose balance was last looked at before that, or never."""
    found = ProviderAccount.objects.filter(_old_balance(before)).order_by("shop_id")
    return list(found.values_list("shop_id", flat=True).distinct())


def accounts_with_old_balance(shop_id: int, before: datetime) -> list[ProviderAccount]:
    """Those accounts of a shop."""
    return list(ProviderAccount.objects.filter(_old_balance(before), shop_id=shop_id))


def _old_balance(before: datetime) -> Q:
    in_use = Q(is_active=True, paused_at__isnull=True)
    return in_use & (Q(balance_at__isnull=True) | Q(balance_at__lt=before))
