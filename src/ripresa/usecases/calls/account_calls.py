"""The calls for a provider account: each tells of messages that left through it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ripresa.contracts.feedback import Feedback, HookRequest
from ripresa.domain.mailroom.operations import Arrived
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.providers.models import ProviderAccount, ProviderCall
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.mailroom.take_in import take_in
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.record_feedback import record_feedback

# A provider may tell of a message before we have written down its receipt: then we look again, so long
# after the call came in.
LOOK_AGAIN = (timedelta(seconds=20), timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class CallsOfAccount:
    """Reads the calls for `account`. `letterhead` knows our message keys."""

    accounts: Accounts
    account: ProviderAccount
    letterhead: Letterhead

    @property
    def name(self) -> str:
        """What the shop calls it."""
        return self.account.name

    def open(self) -> Callable[[HookRequest], list[Feedback]] | None:
        """The provider's own reader; None: it has none. Raises as `Accounts.open`."""
        reader = self.accounts.reader(self.account)
        return None if reader is None else reader.read

    def take(self, call: ProviderCall, told: list[Feedback], now: datetime) -> datetime | None:
        """Record feedback and take in mails; looked at again while a message it names is not known."""
        source = str(self.account.id)
        mails = [
            Arrived(source, "", one.mail.recipient, one.mail.raw, one.event_id)
            for one in told
            if one.mail is not None
        ]
        if mails:
            take_in(shop_id=call.shop_id, mails=mails, now=now)
        again = [call.received_at + wait for wait in LOOK_AGAIN if call.received_at + wait > now]
        unknown = record_feedback(
            shop_id=call.shop_id,
            source=Source(source, self.account.kind, self.account.id),
            told=[one for one in told if one.mail is None],
            letterhead=self.letterhead,
            now=now,
            may_wait=bool(again),
        )
        return again[0] if again and any(one.receipt for one in unknown) else None
