"""Cancel one letter: planned, it is simply not sent; handed over, its provider is asked to let it be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from ripresa.contracts.channel import Channel
from ripresa.contracts.feedback import Feedback, FeedbackKind
from ripresa.contracts.letters.abilities import CanRecall, Recall
from ripresa.contracts.reasons import Reason
from ripresa.domain.contacts import locking
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Message
from ripresa.domain.providers.queries import find_account
from ripresa.domain.scenarios import operations as scenarios
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.record_feedback import record_feedback

_TIMEOUT = timedelta(seconds=20)


class NoSuchLetter(Exception):
    """The shop has no letter of that id."""


class CannotCancel(Exception):
    """The letter can't be cancelled any more, or not now; the message says why."""


@dataclass(frozen=True, slots=True)
class Canceller:
    """Cancels letters of all shops."""

    accounts: Accounts
    letterhead: Letterhead

    def cancel(self, *, shop_id: int, message_id: UUID, now: datetime) -> None:
        """Cancel a letter. Raises NoSuchLetter, CannotCancel, and what opening an account raises."""
        message = _find(shop_id, message_id)
        if message.state == "planned" and _cancel_planned(message, now):
            return
        message = _find(shop_id, message_id)
        if message.state not in {"sent", "unknown"}:
            raise CannotCancel(f"the letter is {message.state}")
        self._recall(message, now)

    def _recall(self, message: Message, now: datetime) -> None:
        account = None
        if message.account_id is not None:
            account = find_account(message.shop_id, message.account_id)
        if account is None or not message.receipt:
            raise CannotCancel("nobody knows any more whom it was handed to")
        channel = self.accounts.open(account)
        try:
            answer = _ask(channel, message.receipt)
        finally:
            channel.close()
        if answer is Recall.UNCLEAR:
            raise CannotCancel(f"{account.name} gave no clear answer: try again")
        if answer is Recall.TOO_LATE:
            raise CannotCancel("it is too late: it is printed, or on its way")
        told = Feedback(
            FeedbackKind.CANCELLED,
            f"cancelled {message.id}",
            now,
            message_key=self.letterhead.message_key(message.shop_id, message.id),
            detail="cancelled by hand",
        )
        record_feedback(
            shop_id=message.shop_id,
            source=Source(str(account.id), "letter", account.id),
            told=[told],
            letterhead=self.letterhead,
            now=now,
        )


def _ask(channel: Channel[Any], receipt: str) -> Recall:
    if not isinstance(channel, CanRecall):
        raise CannotCancel(
            f"{channel.name} has it and gives nothing back: take the sheet out by its code"
        )
    return channel.recall(receipt, timeout=_TIMEOUT)


def _find(shop_id: int, message_id: UUID) -> Message:
    found = Message.objects.filter(shop_id=shop_id, id=message_id, channel="letter").first()
    if found is None:
        raise NoSuchLetter(f"the shop has no letter {message_id}")
    return found


@transaction.atomic
def _cancel_planned(message: Message, now: datetime) -> bool:
    """Cancel what nobody has claimed; False: it is being sent just now."""
    shop_id = message.shop_id
    locking.lock(shop_id=shop_id, contact_ids=[message.contact_id])
    if not Message.objects.filter(shop_id=shop_id, id=message.id, state="planned").exists():
        return False
    verdict = outbox.cancelled(message.id, Reason.BY_HAND)
    outbox.settle_planned(shop_id=shop_id, verdicts=[verdict], now=now)
    scenarios.finish_runs(shop_id=shop_id, recovery_ids=[message.origin_id], now=now)
    return True
