"""Import events from a file of JSON lines: checked like the intake's, stored in batches."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction

from ripresa.contracts.decoding import decode_event
from ripresa.contracts.rejections import Rejection
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import Delivery

BATCH = 1000
# A file of a million wrong lines must not fill the memory with complaints.
MOST_PROBLEMS = 1000


@dataclass(slots=True)
class Imported:
    """What became of a file's lines. `problems` are (line, field, code, message) of the first ones."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    problems: list[tuple[int, str, str, str]] = field(default_factory=list)


def import_events(
    *,
    shop_id: int,
    lines: Iterable[bytes],
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Imported:
    """Store the events of `lines`; a bad line is told and takes no neighbour down.

    Each batch is a transaction: an import that was cut off may simply be run again.
    """
    done = Imported()
    for batch in _batches(lines):
        deliveries = list(_checked(batch, done, now))
        with transaction.atomic():
            new = inbox.store(shop_id=shop_id, deliveries=deliveries)
        done.accepted += new
        done.duplicates += len(deliveries) - new
        progress(sum(len(line) for _, line in batch))
    return done


def _batches(lines: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    numbered = enumerate(lines, start=1)
    while batch := list(islice(numbered, BATCH)):
        yield batch


def _checked(batch: list[tuple[int, bytes]], done: Imported, now: datetime) -> Iterator[Delivery]:
    for number, line in batch:
        if not line.strip():
            continue
        outcome = decode_event(line)
        if isinstance(outcome, Rejection):
            done.rejected += 1
            if len(done.problems) < MOST_PROBLEMS:
                done.problems.append((number, outcome.field, outcome.code.value, outcome.message))
        else:
            received = min(outcome.received_at or outcome.occurred_at, now)
            yield Delivery(outcome, max(received, outcome.occurred_at))
