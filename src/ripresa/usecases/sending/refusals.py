"""What refusals mean beyond their own message: addresses to leave alone, senders and scenarios to hold."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import structlog

from ripresa.contracts.channel import RefusalKind, Refused
from ripresa.domain.contacts import suppression
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.usecases.sending.pauses import Cause, failing, pause_itself
from ripresa.usecases.sending.turns import Claimed

_log = structlog.get_logger("ripresa.mail")


def hear_refusals(
    *,
    shop_id: int,
    refusals: Sequence[tuple[Claimed, Refused]],
    failed: Collection[UUID],
    now: datetime,
) -> None:
    """What refusals ask for, in the transaction that records the fates; `failed`: messages it ended."""
    if not refusals:
        return
    for one, fate in refusals:
        _log.info("refused", message=str(one.message.id), detail=fate.detail)
    _suppress(shop_id, refusals, now)
    _pause_senders(shop_id, refusals, now)
    causes = _causes(refusals)
    ended = {
        one.message.scenario_id: fate.detail for one, fate in refusals if one.message.id in failed
    }
    for scenario_id in failing(shop_id=shop_id, scenario_ids=set(ended) - set(causes)):
        causes[scenario_id] = Cause("failures", ended[scenario_id])
    if causes:
        pause_itself(shop_id=shop_id, causes=causes, now=now)


def _suppress(shop_id: int, refusals: Sequence[tuple[Claimed, Refused]], now: datetime) -> None:
    """Addresses that do not exist are never used again (CNS-3)."""
    bounced: dict[str, dict[str, str]] = defaultdict(dict)
    for one, fate in refusals:
        if fate.kind is RefusalKind.MAILBOX and fate.permanent and one.message.address:
            bounced[one.message.channel][one.message.address] = fate.detail
    for channel, details in bounced.items():
        suppression.suppress(
            shop_id=shop_id, channel=channel, cause="hard_bounce", details=details, now=now
        )


def _pause_senders(
    shop_id: int, refusals: Sequence[tuple[Claimed, Refused]], now: datetime
) -> None:
    """Senders that are refused rest until someone has looked, and the owner is told (CNS-3)."""
    blamed = {
        one.sender_id: fate.detail
        for one, fate in refusals
        if fate.kind is RefusalKind.POLICY and one.sender_id is not None
    }
    if not blamed:
        return
    paused = outbox.pause_senders(shop_id=shop_id, reasons=blamed, now=now)
    for email, reason in paused:
        _log.warning("sender paused", shop=shop_id, sender=email, reason=reason)
    tellings = [Telling("sender", email, reason) for email, reason in paused]
    tell_owner(shop_id=shop_id, tellings=tellings, now=now)


def _causes(refusals: Sequence[tuple[Claimed, Refused]]) -> dict[UUID, Cause]:
    """Scenarios that can't go on: their account has no credit, or is refused and has no sender."""
    causes: dict[UUID, Cause] = {}
    for one, fate in refusals:
        if fate.kind is RefusalKind.CREDIT:
            causes[one.message.scenario_id] = Cause("credit", fate.detail)
        elif fate.kind is RefusalKind.POLICY and one.sender_id is None:
            causes[one.message.scenario_id] = Cause("refused", fate.detail)
    return causes
