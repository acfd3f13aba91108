"""Keyset pages: the address carries where the page before ended, never an offset."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.http import Http404

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def dump(at: datetime, row_id: UUID) -> str:
    """A cursor for the row (at, row_id), exact to the microsecond and safe in an address."""
    return f"{(at - _EPOCH) // _MICROSECOND:x}-{row_id.hex}"


def parse(text: str | None) -> tuple[datetime, UUID] | None:
    """What `dump` wrote. Raises Http404 for what nobody's link contains."""
    if not text:
        return None
    micros, _, row_id = text.partition("-")
    try:
        return _EPOCH + int(micros, 16) * _MICROSECOND, UUID(row_id)
    except (ValueError, OverflowError):
        raise Http404("that page of the list does not exist") from None


def parse_id(text: str | None) -> UUID | None:
    """A row's id out of an address. Raises Http404 for anything else."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Http404("that page of the list does not exist") from None
