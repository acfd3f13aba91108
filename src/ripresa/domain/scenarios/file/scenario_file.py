"""Scenario files (`version: 1`): YAML in, a `Plan` or everything that is wrong with it out.

What the format knows and this version does not do yet is refused as "not supported yet".
"""

import re
from zoneinfo import ZoneInfo, available_timezones

from ripresa.domain.scenarios import plan as plans
from ripresa.domain.scenarios.file.document import (
    Problem,
    ScenarioInvalid,
    Value,
    given,
    nearest,
    read_document,
)
from ripresa.domain.scenarios.file.steps_of_file import Surroundings, read_branch
from ripresa.domain.scenarios.plan import (
    OnReabandon,
    OnSecondCart,
    Plan,
    SenderName,
    Trigger,
    Window,
)
from ripresa.domain.scenarios.senders import is_address

_KNOWN = (
    "version", "name", "trigger", "audience", "legal_basis", "priority", "stale_after", "limits",
    "quiet_hours", "languages", "sender", "on_reabandon", "on_second_cart", "branches", "steps",
)  # fmt: skip
_LATER = ("stop_on", "holdout")
_LIMITS = ("not_more_often_than", "not_after_order", "max_messages_per_30d")
_TRIGGERS: tuple[Trigger, ...] = ("cart", "checkout", "any")
_LEGAL_BASES = ("consent", "any")
_LEGAL_BASES_LATER = ("by_country", "one_reminder")
_ON_REABANDON: tuple[OnReabandon, ...] = ("restart", "ignore")
_ON_SECOND_CART: tuple[OnSecondCart, ...] = ("newest", "each")
_MOST_PRIORITY = 1_000_000
_MOST_MESSAGES = 1_000
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def parse_scenario(text: str, *, file_name: str, around: Surroundings) -> Plan:
    """The plan that a scenario file describes. Raises ScenarioInvalid with all that is wrong."""
    top = read_document(text, file_name)
    if not top.is_mapping:
        raise ScenarioInvalid(file_name, [Problem(1, "", "must be a mapping that has a name")])
    plan = _read_plan(top, around)
    if top.problems:
        raise ScenarioInvalid(file_name, top.problems)
    return plan


def _read_plan(top: Value, around: Surroundings) -> Plan:
    found = top.entries(_KNOWN, _LATER)
    for name in ("version", "name"):
        if name not in found:
            top.problems.append(Problem(1, name, "is missing"))
    given(found, "version", lambda value: value.integer(1, 1), 1)
    given(found, "audience", _check_audience, None)
    trigger = found["trigger"].entries(("on", "idle")) if "trigger" in found else {}
    limits = found["limits"].entries(_LIMITS) if "limits" in found else {}
    language = given(found, "languages", _read_language, around.language)
    plan = Plan(
        name=given(found, "name", Value.text, ""),
        language=language,
        languages=(language,),
        branches=(read_branch(top, found, language, around),),
        trigger=given(trigger, "on", lambda value: value.choice(_TRIGGERS), "cart"),
        idle=given(trigger, "idle", Value.duration, plans.DEFAULT_IDLE),
        legal_basis=given(
            found,
            "legal_basis",
            lambda value: value.choice(_LEGAL_BASES, _LEGAL_BASES_LATER),
            "consent",
        ),
        priority=given(found, "priority", _read_priority, plans.DEFAULT_PRIORITY),
        stale_after=given(found, "stale_after", Value.duration, plans.DEFAULT_STALE_AFTER),
        not_more_often_than=given(limits, "not_more_often_than", Value.duration, None),
        not_after_order=given(limits, "not_after_order", Value.duration, None),
        max_messages_per_30d=given(limits, "max_messages_per_30d", _read_most, None),
        quiet_hours=given(found, "quiet_hours", _read_quiet_hours, {}),
        sender=given(found, "sender", _read_sender, None),
        on_reabandon=given(
            found, "on_reabandon", lambda value: value.choice(_ON_REABANDON), "restart"
        ),
        on_second_cart=given(
            found, "on_second_cart", lambda value: value.choice(_ON_SECOND_CART), "newest"
        ),
    )
    _check_against_shop(top, {**found, **trigger}, plan, around)
    return plan


def _check_against_shop(
    top: Value, found: dict[str, Value], plan: Plan, around: Surroundings
) -> None:
    if plan.idle.at_least() < around.abandoned_after:
        minutes = int(around.abandoned_after.total_seconds() // 60)
        line = found["idle"].line if "idle" in found else 1
        message = f"can't be shorter than the shop's abandonment time of {minutes} minutes"
        top.problems.append(Problem(line, "trigger.idle", message))
    if "sender" not in found and not around.has_sender:
        message = "is missing, and the shop has no owner's address to send from"
        top.problems.append(Problem(1, "sender", message))


def _check_audience(value: Value) -> None:
    found = value.entries(("customers",), ("inactive_for", "segment"))
    given(found, "customers", lambda one: one.choice(("all",), ("new", "inactive")), "all")


def _read_priority(value: Value) -> int | None:
    return value.integer(-_MOST_PRIORITY, _MOST_PRIORITY)


def _read_most(value: Value) -> int | None:
    return value.integer(1, _MOST_MESSAGES)


def _read_language(value: Value) -> str | None:
    """The one language of a file; more than one is for later."""
    found = value.entries(("mode", "default", "list"))
    given(found, "mode", lambda one: one.choice(("single", "multi")), "single")
    listed = [one.text() for one in found["list"].items()] if "list" in found else []
    if len(listed) > 1:
        found["list"].fail("more than one language is not supported yet")
        return None
    default = given(found, "default", Value.text, None)
    if default is None and "default" not in found and not listed:
        value.fail("names no language; write default: it")
    if default is not None and listed and default not in listed:
        found["default"].fail("must be one of languages.list")
    return default if default is not None else next(iter(listed), None)


def _read_sender(value: Value) -> SenderName | None:
    found = value.entries(("name", "email", "reply_to"))
    if "email" not in found:
        value.fail("has no email")
    return SenderName(
        name=given(found, "name", Value.text, ""),
        email=given(found, "email", _read_address, ""),
        reply_to=given(found, "reply_to", _read_address, ""),
    )


def _read_address(value: Value) -> str | None:
    text = value.text()
    if text is not None and not is_address(text):
        value.fail(f"{text!r} is no e-mail address")
        return None
    return text


def _read_quiet_hours(value: Value) -> dict[str, Window]:
    windows = {
        channel: _read_window(entry)
        for channel, entry in value.entries(("email", "sms", "letter")).items()
    }
    return {channel: window for channel, window in windows.items() if window is not None}


def _read_window(value: Value) -> Window | None:
    found = value.entries(("from", "until", "zone"))
    for name in ("from", "until"):
        if name not in found:
            value.fail(f"has no {name}; write it like {{from: '09:00', until: '20:00'}}")
    start = given(found, "from", _read_clock, None)
    until = given(found, "until", _read_clock, None)
    zone = given(found, "zone", _read_zone, None)
    if start is None or until is None:
        return None
    if start == until:
        value.fail("from and until are the same: leave the channel out to send at any hour")
    return Window(start, until, zone)


def _read_clock(value: Value) -> int | None:
    text = value.text()
    if text is None:
        return None
    if not (found := _CLOCK.fullmatch(text)):
        value.fail(f"{text!r} is no time of day; write it like '09:00'")
        return None
    return int(found[1]) * 60 + int(found[2])


def _read_zone(value: Value) -> str | None:
    text = value.text()
    if text is None:
        return None
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        # OSError: "Europe" is a folder of the zone database. KeyError: it is not there at all.
        value.fail(f"is no time zone; {nearest(text, sorted(available_timezones()))}")
        return None
    return text
