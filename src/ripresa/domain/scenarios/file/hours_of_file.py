"""Quiet hours of a scenario file: when each channel may send."""

import re
from zoneinfo import ZoneInfo, available_timezones

from ripresa.contracts.calling.sayings import say
from ripresa.domain.scenarios.file.document import Value, given, nearest
from ripresa.domain.scenarios.plan import AGENT, Window

_CHANNELS = ("email", "sms", "letter", AGENT)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_DAY = 24 * 60
# Where a file says nothing: a telephone that rings at night is worse than a mail that arrives (SCN-9).
USUAL = {"sms": Window(9 * 60, 20 * 60)}


def read_quiet_hours(value: Value) -> dict[str, Window]:
    """The windows by channel, with the usual ones for channels that are not named."""
    read = {channel: _read_window(entry) for channel, entry in value.entries(_CHANNELS).items()}
    named = {channel: window for channel, window in read.items() if window is not None}
    return USUAL | named


def _read_window(value: Value) -> Window | None:
    found = value.entries(("from", "until", "zone"))
    for name in ("from", "until"):
        if value.is_mapping and name not in found:
            value.fail(
                say("has no {name}; write it like {{from: '09:00', until: '20:00'}}", name=name)
            )
    start = given(found, "from", _read_clock, None)
    until = given(found, "until", _read_clock, None)
    zone = given(found, "zone", _read_zone, None)
    if start == _DAY:
        found["from"].fail(say("'24:00' is an end, not a beginning; write '00:00'"))
    if start is None or until is None:
        return None
    if start == until:
        value.fail(
            say("from and until are the same; at any hour is {{from: '00:00', until: '24:00'}}")
        )
    return Window(start, until, zone)


def _read_clock(value: Value) -> int | None:
    text = value.text()
    if text is None:
        return None
    if not _CLOCK.fullmatch(text):
        value.fail(say("{text!r} is no time of day; write it like '09:00'", text=text))
        return None
    return int(text[:2]) * 60 + int(text[3:])


def _read_zone(value: Value) -> str | None:
    text = value.text()
    if text is None:
        return None
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        # OSError: "Europe" is a folder of the zone database. KeyError: it is not there at all.
        value.fail(
            say("is no time zone; {hint}", hint=nearest(text, sorted(available_timezones())))
        )
        return None
    return text
