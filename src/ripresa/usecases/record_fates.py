"""Record what the provider said: sent, tried again later, failed, or unknown."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected

from ripresa.contracts.channel import Accepted, Fate, RefusalKind, Refused, Unknown
from ripresa.contracts.reasons import Outcome, Reason
from ripresa.domain.attribution import stale
from ripresa.domain.contacts import locking
from ripresa.domain.coupons import operations as coupons
from ripresa.domain.coupons.rules import Place
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.operations import SendingVerdict, Verdict
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.plan import AGENT
from ripresa.domain.scenarios.sending.notices import Notice, move_after
from ripresa.domain.scenarios.sending.rules import LOOK_AGAIN, retry_at
from ripresa.usecases.sending.budgets import uncharge
from ripresa.usecases.sending.refusals import hear_refusals
from ripresa.usecases.sending.turns import Claimed

_log = structlog.get_logger("ripresa.mail")
_TRIES = 3
# What was given back is looked at again when the fold has had time to read an order.
_GIVE_BACK = timedelta(seconds=1)


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
    _lock_those_told_of(shop_id, fates)
    verdicts = [_verdict(one, fate, now) for one, fate in fates]
    settled = outbox.settle_sending(shop_id=shop_id, verdicts=verdicts, now=now)
    taken: list[tuple[Claimed, Fate]] = []
    for one, fate in fates:
        if one.message.id in settled:
            taken.append((one, fate))
        else:
            # The lease ran out meanwhile: what others made of it stands.
            _log.warning("outcome came too late", message=str(one.message.id), fate=str(fate))
    failed = {one.verdict.message_id for one in verdicts if one.verdict.state == "failed"}
    uncharge(shop_id, [one.message for one, _ in taken if one.message.id in failed])
    _follow_what_left(shop_id, [one for one, fate in taken if not isinstance(fate, Refused)], now)
    operations.finish_runs(
        shop_id=shop_id, recovery_ids=[one.message.origin_id for one, _ in taken], now=now
    )
    hear_refusals(
        shop_id=shop_id,
        refusals=[(one, fate) for one, fate in taken if isinstance(fate, Refused)],
        failed=failed,
        now=now,
    )


def _lock_those_told_of(shop_id: int, fates: Sequence[tuple[Claimed, Fate]]) -> None:
    """What counts from a notice is planned anew: whoever changes a planned message holds its person."""
    people = {one.message.contact_id for one, _ in fates if one.message.channel == AGENT}
    if people:
        locking.lock(shop_id=shop_id, contact_ids=sorted(people))


def _follow_what_left(shop_id: int, left: Sequence[Claimed], now: datetime) -> None:
    """Codes that have left are never given back, and what counts from a notice counts from now."""
    stale.mark(shop_id=shop_id, now=now, instants=[now] if left else [])
    coupons.mark_sent(
        shop_id=shop_id,
        origins=[_place(one) for one in left if one.coupon is not None],
        now=now,
    )
    move_after(
        shop_id=shop_id,
        notices=[
            Notice(one.message.origin_id, one.steps, one.message.step_number, now)
            for one in left
            if one.message.channel == AGENT
        ],
    )


def give_back(*, shop_id: int, claimed: Sequence[Claimed], now: datetime) -> None:
    """Plan again what was claimed and did not depart, with its code: it surely never left."""
    if not claimed:
        return
    with transaction.atomic():
        settled = outbox.settle_sending(
            shop_id=shop_id,
            verdicts=[
                SendingVerdict(
                    one.attempts, Verdict(one.message.id, "planned", None, None, now + _GIVE_BACK)
                )
                for one in claimed
            ],
            now=now,
        )
        # The end of a code counts from sending, so it is given anew. It stays where a retry
        # repeats it, or another message of the step may be on the wire with it.
        coupons.give_back(
            shop_id=shop_id,
            origins=[
                _place(one)
                for one in claimed
                if one.coupon is not None
                and one.message.id in settled
                and one.message.tried_at is None
                and len(one.step.channels) == 1
            ],
        )


@transaction.atomic
def skip_claimed(
    *, shop_id: int, claimed: Sequence[Claimed], reason: Reason, now: datetime
) -> None:
    """Skip what was claimed and must not depart after all: it surely never left."""
    if not claimed:
        return
    verdicts = [
        SendingVerdict(
            one.attempts,
            Verdict(one.message.id, "skipped", reason, Outcome.SKIPPED, None, one.facts),
        )
        for one in claimed
    ]
    settled = outbox.settle_sending(shop_id=shop_id, verdicts=verdicts, now=now)
    uncharge(shop_id, [one.message for one in claimed if one.message.id in settled])
    operations.finish_runs(
        shop_id=shop_id, recovery_ids=[one.message.origin_id for one in claimed], now=now
    )


def _place(claimed: Claimed) -> Place:
    message = claimed.message
    return (message.origin_kind, message.origin_id, message.step)


def _verdict(claimed: Claimed, fate: Fate, now: datetime) -> SendingVerdict:
    message_id = claimed.message.id
    match fate:
        case Accepted(receipt):
            reason = Reason.MANUAL if claimed.message.is_by_hand else Reason.DUE
            verdict = Verdict(message_id, "sent", reason, Outcome.SENT, None, claimed.facts)
            return SendingVerdict(claimed.attempts, verdict, receipt)
        case Unknown(detail):
            verdict = Verdict(message_id, "unknown", Reason.UNKNOWN, Outcome.UNKNOWN)
            return SendingVerdict(claimed.attempts, verdict, detail)
        case Refused(permanent, kind, detail):
            verdict = _refusal(claimed, kind, now, permanent=permanent)
            return SendingVerdict(claimed.attempts, verdict, detail)


def _refusal(claimed: Claimed, kind: RefusalKind, now: datetime, *, permanent: bool) -> Verdict:
    message = claimed.message
    if kind in {RefusalKind.POLICY, RefusalKind.CREDIT}:
        can_pause = kind is RefusalKind.POLICY and claimed.sender_id is not None
        if message.is_by_hand and not can_pause:
            # There is neither scenario nor sender that could pause: whoever sent it sends it again.
            return Verdict(message.id, "failed", Reason.REFUSED, Outcome.FAILED)
        # It is the account that is refused: the message waits until someone has looked (CNS-3).
        return Verdict(message.id, "planned", Reason.PAUSED, Outcome.HELD, now + LOOK_AGAIN[0])
    if permanent:
        return Verdict(message.id, "failed", Reason.REFUSED, Outcome.FAILED)
    again = retry_at(attempts=claimed.attempts, tried_at=message.tried_at or now, now=now)
    if again is None:
        return Verdict(message.id, "failed", Reason.GAVE_UP, Outcome.FAILED)
    return Verdict(message.id, "planned", None, None, again)
