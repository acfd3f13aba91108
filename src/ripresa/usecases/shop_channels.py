"""Through which providers each shop sends: its own accounts, else what the install has for everybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from ripresa.contracts.channel import (
    Channel,
    Channels,
    Fate,
    Outgoing,
    OutgoingEmail,
    RefusalKind,
    Refused,
)
from ripresa.contracts.provider import BadSettings, MessageKind
from ripresa.core.config import ConfigError, load
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.providers import operations, queries
from ripresa.domain.providers.models import ProviderAccount
from ripresa.usecases.agents.notices import NoticeOrMail
from ripresa.usecases.providers.provider_accounts import Accounts

_log = structlog.get_logger("ripresa.providers")


class _HeldChannel:
    """Stands for an account that is held. Nothing is claimed for it, so it is asked in a race only."""

    name = "held"
    is_real = True
    in_flight = 1

    def send(self, batch: Sequence[Outgoing], *, timeout: timedelta) -> list[Fate]:  # noqa: ARG002
        """Nothing leaves: later."""
        later = Refused(permanent=False, kind=RefusalKind.OTHER, detail="the account is held")
        return [later for _ in batch]

    def close(self) -> None:
        """Nothing is open."""


_HELD = _HeldChannel()


class _Open(NamedTuple):
    version: int
    channel: Channel[Any]


@dataclass
class ShopChannels:
    """The channels of every shop, opened once and again when the account's row has changed.

    An account that can't be opened is held, and the shop's owner told. For one thread at a time.
    """

    accounts: Accounts
    otherwise: Channels
    _open: dict[tuple[int, UUID], _Open] = field(default_factory=dict)

    def of(self, shop_id: int, now: datetime) -> Channels:
        """Who carries the messages of a shop."""
        active = queries.active_accounts(shop_id)
        self._close_all_but(shop_id, {account.id for account in active})
        carried = {account.kind: self._channel(account, now) or _HELD for account in active}
        others = self.otherwise
        email = carried.get("email", others.email)
        return Channels(
            email,
            carried.get("sms", others.sms),
            carried.get("letter", others.letter),
            {account.kind: account.id for account in active},
            self._to_agents(active, carried, email, now),
        )

    def to_owner(self, shop_id: int, now: datetime) -> Channel[OutgoingEmail]:
        """What mails the shop's owner: the install's own where the shop's is held."""
        own = self.of(shop_id, now).email
        return self.otherwise.email if own is _HELD else own

    def close(self) -> None:
        """Give back kept connections."""
        for opened in self._open.values():
            opened.channel.close()
        self._open.clear()
        self.otherwise.close()

    def _to_agents(
        self,
        active: Iterable[ProviderAccount],
        carried: Mapping[str, Channel[Any]],
        email: Channel[OutgoingEmail],
        now: datetime,
    ) -> Channel[OutgoingEmail] | None:
        """What agents hear by; None, also while the account for it is held: by mail."""
        account = next((one for one in active if one.kind == MessageKind.NOTICE), None)
        if account is None or carried[account.kind] is _HELD:
            return None
        config = load()
        return NoticeOrMail(
            carried[account.kind],
            email,
            own_addresses=(config.public_url, config.short_url),
            broken=lambda reason: _hold(account, reason, now),
        )

    def _channel(self, account: ProviderAccount, now: datetime) -> Channel[Any] | None:
        """Its channel, kept as long as its settings are; None: it is held, so nothing is sent by it."""
        if account.paused_at is not None:
            return None
        key = (account.shop_id, account.id)
        opened = self._open.get(key)
        if opened is not None and opened.version == account.version:
            return opened.channel
        if opened is not None:
            self._open.pop(key).channel.close()
        try:
            channel = self.accounts.open(account)
        except (BadSettings, CannotOpen, ConfigError) as wrong:
            _hold(account, str(wrong), now)
            return None
        self._open[key] = _Open(account.version, channel)
        return channel

    def _close_all_but(self, shop_id: int, kept: Iterable[UUID]) -> None:
        gone = [key for key in self._open if key[0] == shop_id and key[1] not in kept]
        for key in gone:
            self._open.pop(key).channel.close()


@transaction.atomic
def _hold(account: ProviderAccount, reason: str, now: datetime) -> None:
    """Nothing leaves through an account that can't be opened; what is planned waits."""
    newly = operations.pause_account(
        shop_id=account.shop_id, account_id=account.id, reason=reason, now=now
    )
    if newly:
        _log.warning("provider account held", account=account.name, reason=reason)
        telling = Telling("account", account.name, reason)
        tell_owner(shop_id=account.shop_id, tellings=[telling], now=now)


def open_shop_channels() -> ShopChannels:
    """The channels of every shop, as a worker has them, to be closed again. Raises ConfigError."""
    opened: ShopChannels = import_string(settings.SHOP_CHANNELS)()
    return opened
