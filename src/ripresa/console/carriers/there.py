"""The providers there are, and what else only the outermost layer knows: found by name in the settings."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from ripresa.contracts.provider import Provider
from ripresa.core.config import Config
from ripresa.domain.shops.models import Shop
from ripresa.usecases.providers.provider_accounts import Accounts


def providers() -> Mapping[str, Provider]:
    """Every provider by name."""
    found: Mapping[str, Provider] = import_string(settings.PROVIDERS)
    return found


def all_accounts() -> Accounts:
    """The accounts over all providers of this install."""
    return Accounts(providers())


def check_senders(config: Config, shop: Shop) -> Iterable[Any]:
    """What the DNS says of the domains that a shop sends from: findings, as the doctor tells them."""
    check: Callable[[Config, Shop], Iterable[Any]] = import_string(settings.SENDER_CHECK)
    return check(config, shop)
