"""Record what the provider said: sent, tried again later, failed, or unknown."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected

from ripresa.contracts.channel import Accepted, Fate, RefusalKind, Refused, Unknown
from ripresa.contracts.reasons import Outcome, Reason
from ripresa.domain.contacts import suppression
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.operations import SendingVerdict, Verdict
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.sending.rules import LOOK_AGAIN, retry_at
from ripresa.usecases.hand_over import Claimed

_log = structlog.get_logger("ripresa.mail")
_TRIES = 3


def record_fates(*, shop_id: int, fates: Sequence[tuple[Claimed, Fate]], now: datetime) -> None:
    """Take down what became of messages that this worker handed over."""
    if not fates:
        return
    # A fold that merges two people may hold these rows in another order: one of us tries again.
    for tries_left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                _record(shop_id, fates, now)
        except OperationalError as trouble:
            if not tries_left or not isinstance(trouble.__cause__, DeadlockDetected):
                raise
        else:
            return


def _record(shop_id: int, fates: Sequence[tuple[Claimed, Fate]], now: datetime) -> None:
    settled = outbox.settle_sending(
        shop_id=shop_id, verdicts=[_verdict(one, fate, now) for one, fate in fates], now=now
    )
    operations.finish_runs(
        shop_id=shop_id,
        recovery_ids=[one.message.origin_id for one, _ in fates if one.message.id in settled],
        now=now,
    )
    bounced: dict[str, str] = {}
    blamed: dict[UUID, str] = {}
    for one, fate in fates:
        if one.message.id not in settled:
            # The lease ran out meanwhile: what others made of it stands.
            _log.warning("outcome came too late", message=str(one.message.id), fate=str(fate))
        elif isinstance(fate, Refused):
            _log.info("refused", message=str(one.message.id), detail=fate.detail)
            if fate.kind is RefusalKind.POLICY:
                blamed[one.sender_id] = fate.detail
            elif fate.kind is RefusalKind.MAILBOX and fate.permanent:
                bounced[one.message.email or ""] = fate.detail
    suppression.suppress(
        shop_id=shop_id, channel="email", cause="hard_bounce", details=bounced, now=now
    )
    if blamed:
        for email, reason in outbox.pause_senders(shop_id=shop_id, reasons=blamed, now=now):
            _log.warning("sender paused", shop=shop_id, sender=email, reason=reason)


def _verdict(claimed: Claimed, fate: Fate, now: datetime) -> SendingVerdict:
    message_id = claimed.message.id
    match fate:
        case Accepted(receipt):
            verdict = Verdict(message_id, "sent", Reason.DUE, Outcome.SENT)
            return SendingVerdict(claimed.attempts, verdict, receipt)
        case Unknown(detail):
            verdict = Verdict(message_id, "unknown", Reason.UNKNOWN, Outcome.UNKNOWN)
            return SendingVerdict(claimed.attempts, verdict, detail)
        case Refused(permanent, kind, detail):
            verdict = _refusal(claimed, kind, now, permanent=permanent)
            return SendingVerdict(claimed.attempts, verdict, detail)


def _refusal(claimed: Claimed, kind: RefusalKind, now: datetime, *, permanent: bool) -> Verdict:
    message = claimed.message
    if kind is RefusalKind.POLICY:
        # It is the sender who is refused: the message waits until someone has looked (CNS-3).
        return Verdict(message.id, "planned", Reason.PAUSED, Outcome.HELD, now + LOOK_AGAIN[0])
    if permanent:
        return Verdict(message.id, "failed", Reason.REFUSED, Outcome.FAILED)
    again = retry_at(attempts=claimed.attempts, tried_at=message.tried_at or now, now=now)
    if again is None:
        return Verdict(message.id, "failed", Reason.GAVE_UP, Outcome.FAILED)
    return Verdict(message.id, "planned", None, None, again)
