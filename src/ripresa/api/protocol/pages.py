"""Lists by pages: a page ends with the address of the next, which says where it begins.

Keyset pages: what is added or taken away meanwhile neither repeats nor hides another row.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from ripresa.api.protocol.access import ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.api.protocol.values import Asked, Maybe

MOST = 200
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ID_HEX = 32

Row = TypeVar("Row")
Shape = TypeVar("Shape")
Place = tuple[datetime, UUID]


class Paging(Asked):
    """Which part of a list: at most `limit` rows, from where `cursor` says on."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Maybe[Annotated[str, Field(max_length=200)]] = None


class Page(BaseModel, Generic[Shape]):
    """Some rows of a list. `next`: where the rest is, as an address on this server; null at the end."""

    items: list[Shape]
    next: str | None


def by_time(request: ApiRequest, asked: Paging) -> Place | None:
    """The place (instant, id) after which the page begins. Raises Refused."""
    text = _read(request, asked, "t")
    if text is None:
        return None
    try:
        micros, row_id = text[:-_ID_HEX], text[-_ID_HEX:]
        return LONG_AGO + int(micros, 16) * _MICROSECOND, UUID(row_id)
    except (ValueError, OverflowError):
        raise _no_cursor() from None


def by_id(request: ApiRequest, asked: Paging) -> UUID | None:
    """The id after which the page begins. Raises Refused."""
    text = _read(request, asked, "i")
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise _no_cursor() from None


def by_number(request: ApiRequest, asked: Paging) -> int | None:
    """The number below which the page begins. Raises Refused."""
    text = _read(request, asked, "n")
    if text is not None and not (text.isdecimal() and len(text) < 10):  # noqa: PLR2004  (an int4)
        raise _no_cursor()
    return None if text is None else int(text)


def at_time(at: datetime, row_id: UUID) -> str:
    """The cursor that `by_time` reads."""
    return _write("t", f"{(at - LONG_AGO) // _MICROSECOND:x}{row_id.hex}")


def at_id(row_id: UUID) -> str:
    """The cursor that `by_id` reads."""
    return _write("i", row_id.hex)


def at_number(number: int) -> str:
    """The cursor that `by_number` reads."""
    return _write("n", str(number))


def cut(
    request: ApiRequest,
    asked: Paging,
    found: Sequence[Row],
    place: Callable[[Row], str],
) -> tuple[Sequence[Row], str | None]:
    """The rows of a page and the address of the next; `found` has one more than asked for, if any."""
    rows = found[: asked.limit]
    if len(found) <= asked.limit:
        return rows, None
    query = request.GET.copy()
    query["cursor"] = place(rows[-1])
    return rows, f"{request.path}?{query.urlencode()}"


def _write(kind: str, text: str) -> str:
    return urlsafe_b64encode(f"{kind}{text}".encode()).decode().rstrip("=")


def _read(request: ApiRequest, asked: Paging, kind: str) -> str | None:
    # The framework drops what it does not know: a mistyped filter would list everything.
    for name in request.GET:
        if name not in type(asked).model_fields:
            raise Refused.field(name, "this list has no such parameter")
    cursor = asked.cursor
    if cursor is None:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        raise _no_cursor() from None
    if not text.startswith(kind):
        raise _no_cursor()
    return text[len(kind) :]


def _no_cursor() -> Refused:
    return Refused.field("cursor", "take it from `next` of the page before, of the same list")
