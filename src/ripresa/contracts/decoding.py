"""Reading store events from JSON: a fast path for a whole body, a slow one that finds the culprit.

The fast path decodes the body in one go. If anything in it is wrong, the slow path takes it apart,
event by event, so that a bad one never takes its neighbours down. Both end in the same checks and
give the same answer.

Of a name that stands twice in an object, the later value counts; what we store is written anew, so
nobody behind us can read it otherwise. Fields that the contract does not know are ignored, whatever
they hold.
"""

import re
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, Raw, UnsetType
from msgspec.structs import replace

from ripresa.contracts.events import MAX_EVENTS, Instant, StoreEvent
from ripresa.contracts.rejections import ADVICE, BadBody, Invalid, Rejection, RejectionCode
from ripresa.contracts.structural import invalid_of
from ripresa.contracts.validation import check_event, utc_instant

Outcome = StoreEvent | Rejection

_decode_body = msgspec.json.Decoder(StoreEvent | list[StoreEvent]).decode
_decode_one = msgspec.json.Decoder(StoreEvent).decode
_split = msgspec.json.Decoder(list[Raw]).decode

_NUL = "\x00"
_NUL_ESCAPE = b"\\u0000"
# A regular expression finds two quotes in a third of the time that `in` takes among so many.
_BLANK = re.compile(rb'""').search
# An escape in JSON text: a proper surrogate pair, half of one (group 1), or any other.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_BLANKS = b" \t\r\n"


class _Envelope(msgspec.Struct):
    """What the storefront script posts. `sent_at` is the browser's clock as the request left."""

    sent_at: Instant | None = None
    events: Raw | UnsetType = UNSET


_open_envelope = msgspec.json.Decoder(_Envelope).decode


def decode_events(body: bytes) -> list[Outcome]:
    """One outcome for each event of a body that is one event or a list of 1 to 1,000, in order.

    Raises BadBody if it is neither, or not strict JSON.
    """
    _require_utf8(body)
    if _may_hold_nul(body):
        return _decode_slowly(body)
    try:
        found = _decode_body(body)
    except RecursionError:
        raise _too_deep() from None
    except msgspec.DecodeError:
        return _decode_slowly(body)
    events = found if isinstance(found, list) else [found]
    _require_count(len(events))
    has_blanks = _BLANK(body) is not None
    return [_checked(event, index, has_blanks=has_blanks) for index, event in enumerate(events)]


def decode_collected(body: bytes) -> tuple[datetime | None, list[Outcome]]:
    """What the script posted: when it says it sent this, and `decode_events` of its list.

    Takes `{"sent_at": …, "events": […]}`, and plain events as well. Raises BadBody.
    """
    if body.lstrip(_BLANKS)[:1] != b"{":
        return None, decode_events(body)
    _require_utf8(body)
    try:
        envelope = _open_envelope(body)
    except RecursionError:
        raise _too_deep() from None
    except msgspec.ValidationError:
        raise _no_instant() from None
    except msgspec.DecodeError as wrong:
        mended = _mend(body)
        if mended == body:
            raise BadBody("not_json", f"the body is not strict JSON: {wrong}") from None
        return decode_collected(mended)
    if envelope.events is UNSET:
        return None, decode_events(body)
    return _sent_at(envelope), decode_events(bytes(envelope.events))


def _sent_at(envelope: _Envelope) -> datetime | None:
    try:
        return envelope.sent_at and utc_instant("sent_at", envelope.sent_at)
    except Invalid:
        raise _no_instant() from None


def decode_event(raw: bytes) -> Outcome:
    """The outcome of one event, such as a line of a file; its index is 0. Raises nothing."""
    try:
        _require_utf8(raw)
        outcome = _decode_alone(_mend(raw), 0)
    except BadBody as wrong:
        return Rejection(0, "", RejectionCode.NOT_JSON, str(wrong))
    except RecursionError:
        return Rejection(0, "", RejectionCode.NOT_JSON, str(_too_deep()))
    return outcome


def _decode_slowly(body: bytes) -> list[Outcome]:
    body = _mend(body)
    try:
        parts = _split(body) if body.lstrip(_BLANKS)[:1] == b"[" else [_only_object(body)]
    except RecursionError:
        raise _too_deep() from None
    except msgspec.DecodeError as wrong:
        raise BadBody("not_json", f"the body is not strict JSON: {wrong}") from None
    _require_count(len(parts))
    return [_decode_alone(bytes(part), index) for index, part in enumerate(parts)]


def _only_object(body: bytes) -> Raw:
    part: Raw = msgspec.json.decode(body, type=Raw)
    if body.lstrip(_BLANKS)[:1] != b"{":
        raise BadBody("not_json", "the body must be one event or a list of events")
    return part


def _decode_alone(part: bytes, index: int) -> Outcome:
    try:
        event = _decode_one(part)
    except msgspec.ValidationError as wrong:
        return invalid_of(wrong).rejection(index)
    except msgspec.DecodeError as wrong:
        return Rejection(
            index, "", RejectionCode.NOT_JSON, f"the event is not strict JSON: {wrong}"
        )
    if _may_hold_nul(part) and (path := _find_nul(event, "")) is not None:
        return Invalid(path, RejectionCode.BAD_TEXT).rejection(index)
    return _checked(event, index, has_blanks=_BLANK(part) is not None)


def _checked(event: StoreEvent, index: int, *, has_blanks: bool) -> Outcome:
    try:
        return check_event(_without_blanks(event) if has_blanks else event)
    except Invalid as wrong:
        return wrong.rejection(index)


def _mend(body: bytes) -> bytes:
    """Halves of surrogate pairs become NULs, which can be decoded, found and named."""
    return _ESCAPE.sub(lambda match: _NUL_ESCAPE if match[1] else match[0], body)


def _without_blanks(value: Any) -> Any:
    """Empty optional texts say nothing: many programs write "" for what they don't know."""
    if isinstance(value, msgspec.Struct):
        changes = {}
        for field in value.__struct_fields__:
            old = getattr(value, field)
            new = None if old == "" else _without_blanks(old)
            if new is not old:
                changes[field] = new
        return replace(value, **changes) if changes else value
    if isinstance(value, tuple):
        items = tuple(_without_blanks(item) for item in value if item != "")
        return items if len(items) != len(value) or any(map(_differ, items, value)) else value
    return value


def _differ(one: object, other: object) -> bool:
    return one is not other


def _find_nul(value: object, path: str) -> str | None:
    """The path of the first text that holds a NUL."""
    if isinstance(value, str):
        return path if _NUL in value else None
    parts: list[tuple[str, object]] = []
    if isinstance(value, msgspec.Struct):
        prefix = f"{path}." if path else ""
        parts = [(prefix + name, getattr(value, name)) for name in value.__struct_fields__]
    elif isinstance(value, tuple):
        parts = [(f"{path}[{index}]", part) for index, part in enumerate(value)]
    return next((found for name, part in parts if (found := _find_nul(part, name))), None)


def _may_hold_nul(body: bytes) -> bool:
    return (
        b"\\" in body and _NUL_ESCAPE in body
    )  # most bodies escape nothing, and that is seen soon


def _require_utf8(body: bytes) -> None:
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError as wrong:
            raise BadBody("not_json", f"the body is not UTF-8: byte {wrong.start}") from None


def _require_count(count: int) -> None:
    if count == 0:
        raise BadBody("no_events", "the list holds no event")
    if count > MAX_EVENTS:
        raise BadBody("too_many_events", f"{count} events; at most {MAX_EVENTS} in a request")


def _no_instant() -> BadBody:
    return BadBody("not_an_instant", f"sent_at {ADVICE[RejectionCode.NOT_AN_INSTANT]}")


def _too_deep() -> BadBody:
    return BadBody("not_json", "the body nests too deeply")
