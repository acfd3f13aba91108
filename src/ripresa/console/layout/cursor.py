"""Keyset pages: the address carries where the page before ended, never an offset."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404

_MICROSECOND = 1_000_000


def dump(at: datetime, row_id: UUID) -> str:
    """A cursor for the row (at, row_id), safe in an address."""
    seconds, micros = int(at.timestamp()), at.microsecond
    return f"{seconds * _MICROSECOND + micros:x}-{row_id.hex}"


def parse(text: str | None) -> tuple[datetime, UUID] | None:
    """What `dump` wrote. Raises Http404 for what nobody's link contains."""
    if not text:
        return None
    try:
        micros, _, row_id = text.partition("-")
        seconds, rest = divmod(int(micros, 16), _MICROSECOND)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), UUID(row_id)
    except (ValueError, OverflowError, OSError):
        raise Http404("that page of the list does not exist") from None


def parse_id(text: str | None) -> UUID | None:
    """A row's id out of an address. Raises Http404 for anything else."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Http404("that page of the list does not exist") from None
