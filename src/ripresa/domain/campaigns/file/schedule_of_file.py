"""When a campaign file goes: once, at an instant, or as people come."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ripresa.contracts.calling.sayings import say
from ripresa.domain.campaigns.plan import Mode, Schedule
from ripresa.domain.scenarios.file.document import Value, given

_ONCE: Mode = "once"
_MODES: tuple[Mode, ...] = ("once", "continuous")


def read_schedule(value: Value, zone: ZoneInfo) -> Schedule:
    """`mode`, `from` and, for a continuous one, `until`; times without a zone are the shop's."""
    found = value.entries(("mode", "from", "until"))
    mode: Mode = given(found, "mode", lambda one: one.choice(_MODES), _ONCE)
    start = given(found, "from", lambda one: _read_instant(one, zone), None)
    until = given(found, "until", lambda one: _read_instant(one, zone), None)
    if mode == "once" and "until" in found:
        found["until"].fail(say("has no place here: this one goes once; write mode: continuous"))
    if start is not None and until is not None and until <= start:
        found["until"].fail(say("is not after from"))
    return Schedule(mode, start, until)


def _read_instant(value: Value, zone: ZoneInfo) -> datetime | None:
    text = value.text()
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        value.fail(say("{text!r} is no date and time; write it like '2026-12-01 09:00'", text=text))
        return None
