"""Import touchpoints from outside: a CSV with the columns that `ripresa attribute` reads."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ripresa.contracts.plain_values import normalise_email, normalise_phone
from ripresa.domain.attribution.credit import Kind, Touch
from ripresa.domain.attribution.outside import NewTouch, add_touchpoints
from ripresa.usecases.analysis.attribute_files import TOUCHPOINTS, read_touch
from ripresa.usecases.analysis.tables import BadCell, Row, read_table

BATCH = 5_000
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_KINDS = {Kind.CLICK, Kind.AGENT, Kind.LETTER, Kind.OPEN, Kind.DIRECT, Kind.OUTSIDE}


class Imported(NamedTuple):
    """How many touchpoints a file told, and how many of them were new."""

    rows: int
    new: int


def import_touchpoints(*, shop_id: int, path: Path, source: str, now: datetime) -> Imported:
    """Store the touchpoints of a file as told by `source`. All or none: raises BadTable.

    The same file may be imported again: a touchpoint is known by its id, or by its row where it has none.
    """
    touches = read_table(path, TOUCHPOINTS, lambda row: _read(row, source, now))
    new = 0
    for start in range(0, len(touches), BATCH):
        new += add_touchpoints(shop_id=shop_id, touches=touches[start : start + BATCH], now=now)
    return Imported(len(touches), new)


def _read(row: Row, source: str, now: datetime) -> NewTouch:
    owner, by_order, touch = read_touch(row)
    if touch.kind not in _KINDS:
        raise BadCell(f"{touch.kind.value!r} is no touchpoint from outside: the shop's own tell it")
    if not _EARLIEST <= touch.at <= now:
        raise BadCell(f"{touch.at.isoformat()} lies ahead, or before 2000")
    return NewTouch(
        source,
        _name(row, touch),
        touch.at,
        touch.kind.value,
        touch.channel or "outside",
        "" if by_order else key_of(row["person"]),
        owner if by_order else "",
        touch.is_machine,
    )


def _name(row: Row, touch: Touch) -> str:
    """What it is called: without an id of its own, all that is said of it."""
    if row["touchpoint"]:
        return touch.id
    return "|".join([row["order"], row["person"], touch.kind.value, touch.channel])


def key_of(person: str) -> str:
    """The key of whoever is named by e-mail address, phone number with its +, or customer id.

    Raises BadCell.
    """
    if "@" in person:
        email = normalise_email(person)
        if email is None:
            raise BadCell(f"{person!r} is no e-mail address")
        return f"email:{email}"
    if person.startswith("+"):
        phone = normalise_phone(person)
        if phone is None:
            raise BadCell(f"{person!r} is no phone number")
        return f"phone:{phone}"
    return f"customer:{person}"
