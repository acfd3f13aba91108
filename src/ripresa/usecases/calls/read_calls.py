"""Read what providers and shops called us about: verify, understand, take down. The intake has stored it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog
from django.db import transaction

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.contracts.provider import BadSettings
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import queries as connections
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.providers import calls, queries
from ripresa.domain.providers.models import ProviderCall
from ripresa.usecases.calls.account_calls import CallsOfAccount
from ripresa.usecases.calls.hear_shops import CallsOfShop
from ripresa.usecases.connections import Connections
from ripresa.usecases.providers.provider_accounts import Accounts

BATCH = 100
# Whoever can't be opened just now is asked again later; the calls wait.
_WAIT = timedelta(minutes=10)

_log = structlog.get_logger("ripresa.calls")


class Addressee(Protocol):
    """Whom a call was for."""

    @property
    def name(self) -> str:
        """What it is called, for the log."""
        ...

    def open(self) -> Callable[[HookRequest], Any] | None:
        """What reads its calls; None: nobody listens. Raises BadSettings, CannotOpen, ConfigError.

        Reading raises HookRefused for a call that is not believed or can't be read.
        """
        ...

    def take(self, call: ProviderCall, told: Any, now: datetime) -> datetime | None:
        """Take down what a call told; returns when to read it again, None: never."""
        ...


@dataclass(frozen=True, slots=True)
class CallReader:
    """Reads calls for accounts and connections.

    `letterhead` knows our message keys and the address we are called at.
    """

    accounts: Accounts
    letterhead: Letterhead
    connections: Connections = field(default_factory=lambda: Connections({}))

    def read_due(self, *, shop_id: int, now: datetime) -> int:
        """Read up to BATCH calls of a shop; returns how many there were."""
        with transaction.atomic():
            taken = calls.take_due(shop_id=shop_id, now=now, limit=BATCH)
        known: dict[UUID, Addressee | None] = {}
        for call in taken:
            if call.account_id not in known:
                known[call.account_id] = self._addressee(shop_id, call.account_id)
            self._read(call, known[call.account_id], now)
        if taken:
            calls.forget_old(shop_id=shop_id, now=now)
        return len(taken)

    def _addressee(self, shop_id: int, row_id: UUID) -> Addressee | None:
        if (account := queries.find_account(shop_id, row_id)) is not None:
            return CallsOfAccount(self.accounts, account, self.letterhead)
        if (connection := connections.find(shop_id, row_id)) is not None:
            return CallsOfShop(self.connections, connection)
        return None

    def _read(self, call: ProviderCall, addressee: Addressee | None, now: datetime) -> None:
        if addressee is None:
            calls.refuse(call, say("the account was removed"), now)
            return
        try:
            reader = addressee.open()
        except (BadSettings, CannotOpen, ConfigError) as wrong:
            _log.warning("calls wait", account=addressee.name, reason=str(wrong))
            calls.postpone(call, now + _WAIT)
            return
        if reader is None:
            calls.refuse(call, say("nobody listens here any more"), now)
            return
        try:
            told = reader(_request(call, self.letterhead))
        except HookRefused as refusal:
            _log.warning("call refused", account=addressee.name, reason=str(refusal))
            calls.refuse(call, str(refusal), now)
        except Exception as trouble:  # noqa: BLE001  (see below)
            # Unforeseen, so a developer must look. One bad call must not stop the others.
            _log.exception("call can't be read", account=addressee.name, call=str(call.id))
            calls.refuse(call, say("can't be read: {trouble}", trouble=trouble), now)
        else:
            _settle(call, addressee, told, now)


@transaction.atomic
def _settle(call: ProviderCall, addressee: Addressee, told: Any, now: datetime) -> None:
    """What it told is taken down and the call forgotten at once: neither is lost without the other."""
    again = addressee.take(call, told, now)
    if again is None:
        calls.forget(call)
    else:
        calls.postpone(call, again)


def _request(call: ProviderCall, letterhead: Letterhead) -> HookRequest:
    return HookRequest(
        method=call.method,
        url=f"{letterhead.public_url}{call.target}",
        headers=call.headers,
        body=bytes(call.body),
        received_at=call.received_at,
    )
