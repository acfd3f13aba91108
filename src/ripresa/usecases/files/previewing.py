"""What an import would do, without doing it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from ripresa.contracts.events import StoreEvent
from ripresa.domain.imports.operations import Complaint
from ripresa.usecases.files.reading import OpenFile, Progress

_SHOWN = 5
_MOST_PROBLEMS = 100


@dataclass(slots=True)
class Preview:
    """`events` by type: how many would be stored. `first`: (row, what it says) of some good ones."""

    file: OpenFile
    good: int = 0
    wrong: int = 0
    rows: int = 0
    is_whole: bool = True
    events: Counter[str] = field(default_factory=Counter)
    first: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Complaint] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """For programs."""
        shape, columns = self.file.file, self.file.columns
        return {
            "kind": self.file.kind,
            "encoding": shape.encoding,
            "delimiter": shape.delimiter,
            "header": columns.names is not None,
            "columns": {name: _called(columns.names, at) for name, at in columns.places.items()},
            "unused": [
                name.strip()
                for at, name in enumerate(columns.names or ())
                if at not in columns.places.values()
            ],
            "decimal": self.file.manner.decimal,
            "dates": self.file.manner.dates,
            "zone": self.file.manner.zone,
            "rows": self.rows,
            "good": self.good,
            "wrong": self.wrong,
            "whole_file": self.is_whole,
            "events": dict(self.events),
            "first": [{"row": row, "says": says} for row, says in self.first],
            "problems": [problem._asdict() for problem in self.problems],
        }


def preview(
    file: OpenFile, *, now: datetime, most: int | None = None, progress: Progress = lambda _: None
) -> Preview:
    """Look at the first `most` carts, orders or people of a file, or at all. Raises NotImportable."""
    seen = Preview(file)
    groups = file.groups(now, progress=progress)
    for taken in islice(groups, most):
        seen.rows += taken.rows
        seen.problems += taken.problems[: _MOST_PROBLEMS - len(seen.problems)]
        if not taken.is_good:
            seen.wrong += 1
            continue
        seen.good += 1
        seen.events.update(event.type.value for event in taken.events)
        if len(seen.first) < _SHOWN:
            seen.first.append((taken.row, _line(taken.events[0])))
    seen.is_whole = most is None or next(groups, None) is None
    return seen


def _called(names: tuple[str, ...] | None, at: int) -> str:
    return names[at].strip() if names is not None else str(at + 1)


def _line(event: StoreEvent) -> str:
    who = event.contact
    parts = [who.email or who.phone or who.customer_id or ""] if who else []
    if event.order is not None:
        order = event.order
        parts = [f"order {order.id}", f"{order.total} {order.currency}", *parts]
    if event.cart is not None:
        cart = event.cart
        parts = [f"cart of {len(cart.items or ())} items", f"{cart.currency}", *parts]
    return f"{event.occurred_at:%Y-%m-%d %H:%M}  " + "  ".join(part for part in parts if part)
