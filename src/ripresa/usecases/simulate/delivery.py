"""Read an events file and lay it out by the instant at which each event is delivered."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ripresa.contracts.decoding import decode_event
from ripresa.contracts.events import StoreEvent, encode_event
from ripresa.contracts.rejections import Rejection
from ripresa.domain.inbox.operations import Delivery


@dataclass(slots=True)
class Mail:
    """What an events file holds: deliveries in order, and the lines that were refused."""

    deliveries: deque[Delivery] = field(default_factory=deque)
    duplicates: int = 0
    rejected: list[dict[str, object]] = field(default_factory=list)


def read(lines: Iterable[bytes]) -> Mail:
    """Check every line as the intake would; line numbers start at 1, blank lines count for nothing."""
    mail = Mail()
    found: list[Delivery] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        outcome = decode_event(line)
        if isinstance(outcome, Rejection):
            mail.rejected.append(
                {
                    "line": number,
                    "field": outcome.field,
                    "code": outcome.code.value,
                    "message": outcome.message,
                }
            )
        else:
            found.append(Delivery(outcome, _delivered_at(outcome)))
    first: dict[str, Delivery] = {}
    for delivery in sorted(found, key=_rank):
        if delivery.event.id in first:
            mail.duplicates += 1
        else:
            first[delivery.event.id] = delivery
    mail.deliveries.extend(first.values())
    return mail


def _delivered_at(event: StoreEvent) -> datetime:
    """Nothing is delivered before it happened."""
    return max(event.received_at or event.occurred_at, event.occurred_at)


def _rank(delivery: Delivery) -> tuple[datetime, datetime, str, bytes]:
    """By delivery; of one id told twice in one instant the one that sorts first counts."""
    event = delivery.event
    return (delivery.received_at, event.occurred_at, event.id, encode_event(event))
