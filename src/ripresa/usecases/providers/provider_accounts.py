"""A shop's accounts with providers: added, looked at, tried, held, and forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import Channel
from ripresa.contracts.feedback import HOOK_PATH, HOOK_PURPOSE, FeedbackReader
from ripresa.contracts.provider import BadSettings, Provider
from ripresa.contracts.sms.settings import FEEDBACK_URL
from ripresa.core.config import Config, load
from ripresa.core.secrets import key_file
from ripresa.core.secrets.box import SecretBox
from ripresa.core.signed_ids import SignedIds
from ripresa.domain.audit.words import Action
from ripresa.domain.connections import operations as connections
from ripresa.domain.messages.operations import release_held
from ripresa.domain.providers import operations, queries
from ripresa.domain.providers.models import ProviderAccount
from ripresa.domain.providers.operations import NewAccount
from ripresa.domain.webhooks import endpoints
from ripresa.usecases.providers.carriers_log import tell
from ripresa.usecases.providers.sealed_settings import SealedSettings, checked_name


class NoSuchAccount(Exception):
    """The shop has no account of that name; the message names those it has."""


@dataclass(frozen=True)
class Accounts:
    """The accounts of all shops with the providers there are, by name."""

    providers: Mapping[str, Provider]
    box: SecretBox | None = field(default=None, repr=False)  # None: that of this install

    def provider(self, name: str) -> Provider:
        """The provider of that name. Raises BadSettings, naming those there are."""
        try:
            return self.providers[name]
        except KeyError:
            there = ", ".join(sorted(self.providers))
            raise BadSettings(
                say("there is no provider {name!r}; there are: {there}", name=name, there=there)
            ) from None

    def add(
        self,
        *,
        shop_id: int,
        provider_name: str,
        name: str,
        given: Mapping[str, str],
        now: datetime,
    ) -> ProviderAccount:
        """Give a shop an account and put it to use. Raises BadSettings, AccountExists.

        The provider is opened with the settings, which asks nobody: what can't be is refused now.
        """
        provider = self.provider(provider_name)
        called = checked_name(name)
        reply = _tried_out(provider, given)
        settings, secrets = self._sealed.part(provider, given)
        with transaction.atomic():
            account = operations.add_account(
                shop_id=shop_id,
                account=NewAccount(
                    provider.kind.value, provider.name, called, settings, secrets, reply
                ),
                now=now,
            )
            release_held(shop_id=shop_id, now=now)
            tell(account, Action.CREATED, now, {"provider": provider.name})
        return account

    def change(self, account: ProviderAccount, given: Mapping[str, str], *, now: datetime) -> None:
        """Change some settings of an account; the rest stays. Raises BadSettings, CannotOpen."""
        provider = self.provider(account.provider)
        wanted = self._sealed.changed(provider, account, given)
        _tried_out(provider, wanted)
        settings, secrets = self._sealed.part(provider, wanted)
        with transaction.atomic():
            operations.change_settings(account, settings, secrets)
            tell(account, Action.CHANGED, now, {"settings": sorted(given)})

    def open(self, account: ProviderAccount) -> Channel[Any]:
        """The channel of an account. Raises BadSettings, CannotOpen."""
        settings = self.settings_of(account)
        if settings.get(FEEDBACK_URL.name) == "":
            # It tells its provider with each message where to report to: to us, unless otherwise told.
            settings[FEEDBACK_URL.name] = hook_url(account, load()) or ""
        return self.provider(account.provider).open(settings)

    def reader(self, account: ProviderAccount) -> FeedbackReader | None:
        """What reads the calls for an account; None: its provider calls nobody. Raises as `open`."""
        make = self.provider(account.provider).reader
        return None if make is None else make(self.settings_of(account))

    def reseal(self) -> int:
        """Seal the secrets of every account, connection and endpoint with the newest key; how many."""
        reseal = self._sealed.opened_box().reseal
        kept = (operations, connections, endpoints)
        return sum(each.reseal_all(reseal) for each in kept)

    def settings_of(self, account: ProviderAccount) -> dict[str, str]:
        """All that its provider was told, secrets and defaults too. Raises BadSettings, CannotOpen."""
        return self._sealed.whole(self.provider(account.provider), account)

    @property
    def _sealed(self) -> SealedSettings:
        return SealedSettings(self.box)


def _tried_out(provider: Provider, given: Mapping[str, str]) -> dict[str, Any] | None:
    """The reply to its calls, once the provider took the settings. Raises BadSettings."""
    complete = provider.complete(given)
    provider.open(complete).close()
    if provider.reader is None:
        return None
    said = provider.reader(complete).reply
    return {"status": said.status, "content_type": said.content_type, "body": said.body.decode()}


def hook_url(account: ProviderAccount, config: Config) -> str | None:
    """The address to give to the provider for its calls; None: it makes none."""
    if account.hook_reply is None:
        return None
    token = SignedIds(config.secret_key, HOOK_PURPOSE).sign(account.shop_id, account.id)
    return f"{config.public_url}{HOOK_PATH}{token}"


def find_account(*, shop_id: int, name: str) -> ProviderAccount:
    """The account of that name. Raises NoSuchAccount."""
    found = queries.find_account_named(shop_id, name)
    if found is None:
        there = ", ".join(one.name for one in queries.list_accounts(shop_id))
        raise NoSuchAccount(
            f"there is no provider account {name!r}; "
            + (f"there are: {there}" if there else "the shop has none")
        )
    return found


@transaction.atomic
def use_account(account: ProviderAccount, *, now: datetime) -> None:
    """Let it carry what its shop sends of its kind from now on."""
    operations.use_account(account)
    tell(account, Action.STARTED, now)


@transaction.atomic
def pause_account(account: ProviderAccount, reason: str, *, now: datetime) -> bool:
    """Hold what would leave by it; nothing planned is lost. False: it was held already."""
    is_new = operations.pause_account(
        shop_id=account.shop_id, account_id=account.id, reason=reason, now=now
    )
    if is_new:
        tell(account, Action.PAUSED, now, {"reason": reason})
    return is_new


@transaction.atomic
def resume_account(*, shop_id: int, account_id: UUID, now: datetime) -> bool:
    """Let messages leave again, what waited at once. False: the account was not held."""
    resumed = operations.resume_account(shop_id=shop_id, account_id=account_id)
    release_held(shop_id=shop_id, now=now)
    account = queries.find_account(shop_id, account_id)
    if resumed and account is not None:
        tell(account, Action.RESUMED, now)
    return resumed


@transaction.atomic
def remove_account(account: ProviderAccount, *, now: datetime) -> None:
    """Forget it with its secrets. What is still told of its messages is no longer heard."""
    operations.remove_account(account)
    tell(account, Action.REMOVED, now)


def rotate_keys(accounts: Accounts) -> tuple[int, bool]:
    """Seal everything with a new key; returns (how many accounts, whether the keys are ours to forget).

    Keys in a file: a new one is made first, old ones are forgotten last. Keys in RIPRESA_SECRET_KEYS:
    the first of them seals, and whoever set them may then leave out the others.
    """
    config = load()
    is_ours = not config.secret_keys
    if is_ours:
        key_file.add(config.home)
    count = accounts.reseal()
    if is_ours:
        key_file.forget_old(config.home)
    return count, is_ours
