"""contracts/scenario.md as far as `simulate` can show it; anything else is refused aloud."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .conditions_reading import FIELDS, Condition, fields_of
from .coupons_reading import Offer
from .events_reading import CHANNELS
from .hours_reading import QuietHours

UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
FIRST, OTHERS = "abandoned", "previous"  # what `after` counts from when `from` isn't said
LEGAL_BASES = ("by_country", "consent", "one_reminder", "any")
NOTICE = "agent"  # the channel of a notice
NO_MATTER = {"version", "sender", "priority", "stop_on"}
KNOWN = NO_MATTER | {
    "name",
    "trigger",
    "audience",
    "legal_basis",
    "stale_after",
    "limits",
    "quiet_hours",
    "holdout",
    "languages",
    "on_reabandon",
    "on_second_cart",
    "branches",
    "steps",
}
OF_STEP = {
    *("id", "after", "from", "send", "template", "sender", "notify", "stage", "only_if", "coupon")
}


class BeyondOracle(Exception):
    """The file asks for something this reading doesn't cover, or breaks the contract."""


@dataclass(frozen=True)
class Step:
    id: str
    after: timedelta
    counts_from: str
    channels: tuple[str, ...] = ("email",)
    stage: str | None = None
    only_if: Condition | None = None
    coupon: Offer | None = None

    @property
    def is_notice(self) -> bool:
        return self.channels == (NOTICE,)


@dataclass(frozen=True)
class Branch:
    name: str
    steps: tuple[Step, ...]
    when: Condition | None = None


@dataclass(frozen=True)
class Audience:
    customers: str = "all"
    inactive_months: int = 3
    inactive_for: timedelta = timedelta()  # on top of the months

    def is_inactive(self, ordered_at: datetime, now: datetime) -> bool:
        return months_later(ordered_at, self.inactive_months) + self.inactive_for <= now


@dataclass(frozen=True)
class Limits:
    not_more_often_than: timedelta = timedelta()
    not_after_order: timedelta = timedelta()
    max_messages_per_30d: int | None = None


@dataclass(frozen=True)
class Languages:
    default: str = "it"
    known: tuple[str, ...] = ("it",)

    def of(self, locale: str | None) -> str:
        """Her own, else its base language, else the default (LNG-2)."""
        tags = (locale, locale.split("-")[0]) if locale else ()
        return next((tag for tag in tags if tag in self.known), self.default)


@dataclass(frozen=True)
class Scenario:
    name: str
    idle: timedelta
    branches: tuple[Branch, ...]
    trigger: str = "cart"
    audience: Audience = field(default_factory=Audience)
    legal_basis: str = "by_country"
    stale_after: timedelta = timedelta(hours=72)
    limits: Limits = field(default_factory=Limits)
    quiet_hours: Mapping[str, QuietHours] = field(default_factory=dict)
    holdout: float = 0.0
    languages: Languages = field(default_factory=Languages)
    on_reabandon: str = "restart"
    on_second_cart: str = "newest"


def read_scenario(path: Path) -> Scenario:
    return understand(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def understand(raw: dict[str, Any]) -> Scenario:
    _refuse_others("scenario", raw, KNOWN)
    trigger = raw["trigger"]
    branches = raw.get("branches") or [{"name": "main", "steps": raw["steps"]}]
    return Scenario(
        name=raw["name"],
        trigger=_one_of("trigger.on", trigger["on"], "cart", "checkout", "any"),
        idle=duration(trigger.get("idle", "24h")),
        audience=_audience(raw.get("audience") or {}),
        branches=tuple(_branch(branch) for branch in branches),
        legal_basis=_one_of("legal_basis", raw.get("legal_basis", "by_country"), *LEGAL_BASES),
        stale_after=duration(raw.get("stale_after", "72h")),
        limits=_limits(raw.get("limits") or {}),
        quiet_hours=_quiet_hours(raw.get("quiet_hours") or {}),
        holdout=float(raw.get("holdout", 0)),
        languages=_languages(raw.get("languages") or {}),
        on_reabandon=_one_of(
            "on_reabandon", raw.get("on_reabandon", "restart"), "restart", "ignore"
        ),
        on_second_cart=_one_of(
            "on_second_cart", raw.get("on_second_cart", "newest"), "newest", "each"
        ),
    )


def duration(text: str) -> timedelta:
    """90m, 24h, 2d, 1d12h; a day is 24 hours. Months are read where they may stand."""
    if not re.fullmatch(r"(\d+[dhm])+", text):
        raise BeyondOracle(f"not a duration in days, hours and minutes: {text}")
    parts = re.findall(r"(\d+)([dhm])", text)
    return sum((int(number) * UNITS[unit] for number, unit in parts), timedelta())


def months_later(at: datetime, months: int) -> datetime:
    """The same day and time that many calendar months later; the last day where there is none."""
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    for day in range(at.day, 0, -1):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def _audience(raw: dict[str, Any]) -> Audience:
    _refuse_others("audience", raw, {"customers", "inactive_for"})
    customers = _one_of("audience", raw.get("customers", "all"), "all", "new", "inactive")
    parts = re.fullmatch(r"(?:(\d+)mo)?(.*)", raw.get("inactive_for", "3mo"))
    if parts is None:
        raise BeyondOracle("audience.inactive_for: a duration")
    rest = duration(parts[2]) if parts[2] else timedelta()
    return Audience(customers, int(parts[1] or 0), rest)


def _branch(raw: dict[str, Any]) -> Branch:
    _refuse_others("branch", raw, {"name", "when", "steps"})
    steps = tuple(_step(step, place) for place, step in enumerate(raw["steps"]))
    return Branch(raw["name"], steps, _condition(raw.get("when")))


def _step(raw: dict[str, Any], place: int) -> Step:
    _refuse_others(f"step {place}", raw, OF_STEP)
    if "notify" in raw:
        _one_of("notify", raw["notify"], NOTICE)
        channels: tuple[str, ...] = (NOTICE,)
    else:
        channels = tuple(sorted(_one_of("send", name, *CHANNELS) for name in raw["send"]))
    origin = raw.get("from", OTHERS if place else FIRST)
    if origin == "previous" and not place:
        raise BeyondOracle(f"step {raw['id']}: there is no step before it")
    return Step(
        id=raw["id"],
        after=duration(raw["after"]),
        counts_from=_one_of("from", origin, "left", "abandoned", "previous"),
        channels=channels,
        stage=raw.get("stage"),
        only_if=_condition(raw.get("only_if")),
        coupon=_offer(raw.get("coupon")),
    )


def _offer(raw: dict[str, Any] | None) -> Offer | None:
    if raw is None:
        return None
    _refuse_others("coupon", raw, {"pool", "valid_for"})
    valid_for = raw.get("valid_for")
    return Offer(raw["pool"], duration(valid_for or "0h"), is_short=valid_for is not None)


def _condition(raw: Condition | None) -> Condition | None:
    if raw and (others := fields_of(raw) - set(FIELDS)):
        raise BeyondOracle(f"condition: unknown here: {', '.join(sorted(others))}")
    return raw


def _limits(raw: dict[str, Any]) -> Limits:
    _refuse_others(
        "limits", raw, {"not_more_often_than", "not_after_order", "max_messages_per_30d"}
    )
    return Limits(
        not_more_often_than=duration(raw.get("not_more_often_than", "0h")),
        not_after_order=duration(raw.get("not_after_order", "0h")),
        max_messages_per_30d=raw.get("max_messages_per_30d"),
    )


def _quiet_hours(raw: dict[str, Any]) -> dict[str, QuietHours]:
    """By channel; SMS has hours of its own where nobody gives it any (SCN-9)."""
    _refuse_others("quiet_hours", raw, {*CHANNELS, NOTICE})
    said = {"sms": {"from": "09:00", "until": "20:00"}, **raw}
    return {
        channel: QuietHours(
            time.fromisoformat(hours["from"]),
            time.max if hours["until"] == "24:00" else time.fromisoformat(hours["until"]),
            hours.get("zone"),
        )
        for channel, hours in said.items()
    }


def _languages(raw: dict[str, Any]) -> Languages:
    _refuse_others("languages", raw, {"mode", "default", "list"})
    default = raw.get("default", "it")
    many = raw.get("mode", "multi" if len(raw.get("list", [])) > 1 else "single") == "multi"
    return Languages(default, tuple(raw.get("list", [default])) if many else (default,))


def _one_of(where: str, value: Any, *allowed: str) -> str:
    if value not in allowed:
        raise BeyondOracle(f"{where}: one of {', '.join(allowed)}, not {value}")
    return str(value)


def _refuse_others(where: str, raw: dict[str, Any], known: set[str]) -> None:
    if others := set(raw) - known:
        raise BeyondOracle(f"{where}: unknown here: {', '.join(sorted(others))}")
