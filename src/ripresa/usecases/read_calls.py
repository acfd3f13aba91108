"""Read what providers called us about: verify, understand, record. The intake has stored the calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from ripresa.contracts.feedback import Feedback, HookRefused, HookRequest
from ripresa.contracts.provider import BadSettings
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.mailroom.operations import Arrived
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.providers import calls, queries
from ripresa.domain.providers.models import ProviderAccount, ProviderCall
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.mailroom.take_in import take_in
from ripresa.usecases.provider_accounts import Accounts
from ripresa.usecases.record_feedback import record_feedback

BATCH = 100
# A provider may tell of a message before we have written down its receipt: then we look again, so long
# after the call came in.
LOOK_AGAIN = (timedelta(seconds=20), timedelta(minutes=5))
# An account that can't be opened just now is asked again later; its calls wait.
_WAIT_FOR_ACCOUNT = timedelta(minutes=10)

_log = structlog.get_logger("ripresa.feedback")


@dataclass(frozen=True, slots=True)
class CallReader:
    """Reads calls for accounts. `letterhead` knows our message keys and the address we are called at."""

    accounts: Accounts
    letterhead: Letterhead

    def read_due(self, *, shop_id: int, now: datetime) -> int:
        """Read up to BATCH calls of a shop; returns how many there were."""
        with transaction.atomic():
            taken = calls.take_due(shop_id=shop_id, now=now, limit=BATCH)
        accounts: dict[UUID, ProviderAccount | None] = {}
        for call in taken:
            if call.account_id not in accounts:
                accounts[call.account_id] = queries.find_account(shop_id, call.account_id)
            self._read(call, accounts[call.account_id], now)
        if taken:
            calls.forget_old(shop_id=shop_id, now=now)
        return len(taken)

    def _read(self, call: ProviderCall, account: ProviderAccount | None, now: datetime) -> None:
        if account is None:
            calls.refuse(call, "the account was removed", now)
            return
        try:
            reader = self.accounts.reader(account)
        except (BadSettings, CannotOpen, ConfigError) as wrong:
            _log.warning("calls wait for their account", account=account.name, reason=str(wrong))
            calls.postpone(call, now + _WAIT_FOR_ACCOUNT)
            return
        if reader is None:
            calls.refuse(call, "this provider is not read", now)
            return
        try:
            told = reader.read(_request(call, self.letterhead))
        except HookRefused as refusal:
            _log.warning("call refused", account=account.name, reason=str(refusal))
            calls.refuse(call, str(refusal), now)
        except Exception as trouble:  # noqa: BLE001  (see below)
            # Unforeseen, so a developer must look. One bad call must not stop the others.
            _log.exception("call can't be read", account=account.name, call=str(call.id))
            calls.refuse(call, f"can't be read: {trouble}", now)
        else:
            self._record(call, account, told, now)

    def _record(
        self, call: ProviderCall, account: ProviderAccount, told: list[Feedback], now: datetime
    ) -> None:
        mails = [
            Arrived(str(account.id), "", one.mail.recipient, one.mail.raw, one.event_id)
            for one in told
            if one.mail is not None
        ]
        if mails:
            take_in(shop_id=call.shop_id, mails=mails, now=now)
        again = [call.received_at + wait for wait in LOOK_AGAIN if call.received_at + wait > now]
        unknown = record_feedback(
            shop_id=call.shop_id,
            source=Source(str(account.id), account.kind, account.id),
            told=[one for one in told if one.mail is None],
            letterhead=self.letterhead,
            now=now,
            may_wait=bool(again),
        )
        if again and any(one.receipt for one in unknown):
            calls.postpone(call, again[0])
        else:
            calls.forget(call)


def _request(call: ProviderCall, letterhead: Letterhead) -> HookRequest:
    return HookRequest(
        method=call.method,
        url=f"{letterhead.public_url}{call.target}",
        headers=call.headers,
        body=bytes(call.body),
        received_at=call.received_at,
    )
