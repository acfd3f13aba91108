"""What refusals mean beyond their own message: addresses to leave alone, senders and scenarios to hold."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from ripresa.contracts.channel import RefusalKind, Refused
from ripresa.domain.contacts import suppression
from ripresa.domain.messages import operations as outbox
from ripresa.usecases.sending.turns import Claimed

_log = structlog.get_logger("ripresa.mail")


def hear_refusals(
    *, shop_id: int, refusals: Sequence[tuple[Claimed, Refused]], now: datetime
) -> None:
    """Suppress dead addresses and hold refused senders, in the transaction that records the fates."""
    bounced: dict[str, dict[str, str]] = defaultdict(dict)
    blamed: dict[UUID, str] = {}
    for one, fate in refusals:
        _log.info("refused", message=str(one.message.id), detail=fate.detail)
        if fate.kind is RefusalKind.POLICY and one.sender_id is not None:
            blamed[one.sender_id] = fate.detail
        elif fate.kind is RefusalKind.MAILBOX and fate.permanent and one.message.address:
            bounced[one.message.channel][one.message.address] = fate.detail
    for channel, details in bounced.items():
        suppression.suppress(
            shop_id=shop_id, channel=channel, cause="hard_bounce", details=details, now=now
        )
    if blamed:
        for email, reason in outbox.pause_senders(shop_id=shop_id, reasons=blamed, now=now):
            _log.warning("sender paused", shop=shop_id, sender=email, reason=reason)
