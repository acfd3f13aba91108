"""Take files in, a share at a time: events and progress in one transaction, so nothing is doubled or lost.

A reading under way is kept open between two shares, as a convenience only: whoever finds the import at
another place than its own begins to read anew, from that place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import IO
from uuid import UUID

import msgspec
from django.db import transaction

from ripresa.contracts.calling.sayings import say
from ripresa.domain.imports import operations
from ripresa.domain.imports.models import FileImport
from ripresa.domain.imports.operations import Share
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import Delivery
from ripresa.usecases.files.manner import Manner
from ripresa.usecases.files.reading import Taken, open_file
from ripresa.usecases.tables.importing import NotImportable

BATCH = 2000
MOST_WAITING = 20_000
# A share in a worker's round: messages that are due do not wait longer for it.
_SECONDS = 0.5
# Who was at it a moment ago is at it still.
_HANDS_OFF = timedelta(seconds=15)
_SPOOL = "ripresa-import-"
_SPOOL_NAME = re.compile(rf"{_SPOOL}\w+")
_GONE = say(
    "parts of the file were let go, because somebody in it was erased: bring the file again"
)


@dataclass(slots=True)
class _Reading:
    """A file being read. `position`: the latest row that was stored."""

    spool: IO[bytes]
    groups: Iterator[Taken]
    position: int
    bytes_read: int = 0

    def count(self, more: int) -> None:
        self.bytes_read += more

    def hide(self) -> None:
        """Once its reader has it open it needs no name: whoever kills us leaves nothing behind."""
        Path(self.spool.name).unlink(missing_ok=True)

    def close(self) -> None:
        self.hide()
        self.spool.close()


@dataclass(slots=True)
class FileTaker:
    """Takes running imports on; one for each process."""

    _open: dict[UUID, _Reading] = field(default_factory=dict)

    def take_due(self, *, shop_id: int, now: datetime) -> int:
        """A share of each running import of a shop; returns how many rows that was.

        None while much waits to be folded: what happens in the shop now must not wait behind a file.
        """
        if inbox.is_behind(shop_id=shop_id, most=MOST_WAITING):
            return 0
        return sum(
            self.take(shop_id=shop_id, import_id=import_id, now=now)
            for import_id in operations.running_ids(shop_id)
        )

    def take(
        self, *, shop_id: int, import_id: UUID, now: datetime, seconds: float = _SECONDS
    ) -> int:
        """Take one on for about `seconds`; returns how many rows were read."""
        until = monotonic() + seconds
        rows = 0
        while (read := self._share(shop_id, import_id, now)) > 0:
            rows += read
            if monotonic() >= until:
                break
        return rows

    @transaction.atomic
    def _share(self, shop_id: int, import_id: UUID, now: datetime) -> int:
        one = operations.lock_running(shop_id=shop_id, import_id=import_id)
        if one is None:
            self._drop(import_id)
            return 0
        try:
            reading = self._reading(one, now)
            if reading is None:
                return 0
            batch = list(islice(reading.groups, BATCH))
            reading.hide()
        except NotImportable as wrong:
            self._drop(import_id)
            name = one.name
            # It was read under another name, which says nothing to anybody.
            operations.fail(one, _SPOOL_NAME.sub(lambda _: name, str(wrong)), now)
            return 0
        if not batch:
            self._drop(import_id)
            operations.finish(one, now)
            return 0
        before, reading.position = reading.position, batch[-1].row
        try:
            self._store(one, batch, reading, now)
        except BaseException:
            self._drop(import_id)
            raise
        return reading.position - before

    def _store(self, one: FileImport, batch: list[Taken], reading: _Reading, now: datetime) -> None:
        source = Manner(**one.manner).source
        deliveries = [
            Delivery(event, max(event.occurred_at, one.rows_at or now), source=source)
            for taken in batch
            for event in taken.events
        ]
        fresh = inbox.store(shop_id=one.shop_id, deliveries=deliveries) if deliveries else 0
        good = sum(taken.is_good for taken in batch)
        operations.add_problems(one, [each for taken in batch for each in taken.problems])
        share = Share(
            position=reading.position,
            done_bytes=min(reading.bytes_read, one.size),
            good=good,
            wrong=len(batch) - good,
            flawed=sum(taken.is_good and bool(taken.problems) for taken in batch),
            fresh=fresh,
        )
        operations.advance(one, share, now)

    def _reading(self, one: FileImport, now: datetime) -> _Reading | None:
        """Where it stands; None: somebody else is at it. Raises NotImportable."""
        known = self._open.get(one.id)
        if known is not None and known.position == one.position:
            return known
        self._drop(one.id)
        if one.touched_at is not None and abs(now - one.touched_at) < _HANDS_OFF:
            return None
        # It lives as long as the reading, which ends in _drop.
        spool = NamedTemporaryFile(prefix=_SPOOL, delete=False)  # noqa: SIM115
        made = _Reading(spool, iter(()), one.position)
        self._open[one.id] = made
        if not operations.write_out(one, spool):
            raise NotImportable(_GONE)
        manner = msgspec.convert(one.manner, Manner)
        file = open_file(Path(spool.name), one.kind, manner)
        made.groups = file.groups(one.rows_at or now, after=one.position, progress=made.count)
        return made

    def _drop(self, import_id: UUID) -> None:
        reading = self._open.pop(import_id, None)
        if reading is not None:
            reading.close()
