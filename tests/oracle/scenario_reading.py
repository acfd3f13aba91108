"""The part of contracts/scenario.md that the oracle reads; anything else is refused aloud."""

import re
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
FIRST, OTHERS = "abandoned", "previous"  # what `after` counts from when `from` isn't said
NO_MATTER = {"version", "languages", "sender", "priority", "audience"}
KNOWN = NO_MATTER | {
    "name",
    "trigger",
    "legal_basis",
    "stale_after",
    "limits",
    "quiet_hours",
    "on_reabandon",
    "on_second_cart",
    "branches",
    "steps",
}


class BeyondOracle(Exception):
    """The file asks for something this reading doesn't cover, or breaks the contract."""


@dataclass(frozen=True)
class Step:
    id: str
    after: timedelta
    counts_from: str


@dataclass(frozen=True)
class Limits:
    not_more_often_than: timedelta = timedelta()
    not_after_order: timedelta = timedelta()
    max_messages_per_30d: int | None = None


@dataclass(frozen=True)
class QuietHours:
    """When e-mail may go: start <= local time < end."""

    start: time
    end: time
    zone: str | None = None


@dataclass(frozen=True)
class Scenario:
    name: str
    idle: timedelta
    steps: tuple[Step, ...]
    branch: str = "main"
    trigger: str = "cart"
    legal_basis: str = "consent"
    stale_after: timedelta = timedelta(hours=72)
    limits: Limits = field(default_factory=Limits)
    quiet_hours: QuietHours | None = None
    on_reabandon: str = "restart"
    on_second_cart: str = "newest"


def read_scenario(path: Path) -> Scenario:
    return understand(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def understand(raw: dict[str, Any]) -> Scenario:
    _refuse_others("scenario", raw, KNOWN)
    if raw.get("audience", {"customers": "all"}) != {"customers": "all"}:
        raise BeyondOracle("audience: all only")
    branch, steps = _branch(raw)
    trigger = raw["trigger"]
    return Scenario(
        name=raw["name"],
        trigger=_one_of("trigger.on", trigger["on"], "cart", "checkout", "any"),
        idle=duration(trigger.get("idle", "24h")),
        branch=branch,
        steps=tuple(_step(step, place) for place, step in enumerate(steps)),
        legal_basis=_one_of("legal_basis", raw.get("legal_basis"), "consent", "any"),
        stale_after=duration(raw.get("stale_after", "72h")),
        limits=_limits(raw.get("limits") or {}),
        quiet_hours=_quiet_hours(raw.get("quiet_hours") or {}),
        on_reabandon=_one_of(
            "on_reabandon", raw.get("on_reabandon", "restart"), "restart", "ignore"
        ),
        on_second_cart=_one_of(
            "on_second_cart", raw.get("on_second_cart", "newest"), "newest", "each"
        ),
    )


def duration(text: str) -> timedelta:
    """90m, 24h, 2d, 1d12h; a day is 24 hours. Calendar months have no place in this part."""
    if not re.fullmatch(r"(\d+[dhm])+", text):
        raise BeyondOracle(f"not a duration in days, hours and minutes: {text}")
    parts = re.findall(r"(\d+)([dhm])", text)
    return sum((int(number) * UNITS[unit] for number, unit in parts), timedelta())


def _branch(raw: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    if "steps" in raw:
        return "main", raw["steps"]
    if len(raw["branches"]) != 1 or "when" in raw["branches"][0]:
        raise BeyondOracle("branches: one, for everyone")
    branch = raw["branches"][0]
    return branch.get("name", "main"), branch["steps"]


def _step(raw: dict[str, Any], place: int) -> Step:
    _refuse_others(f"step {place}", raw, {"id", "after", "from", "send", "template", "sender"})
    if raw["send"] != ["email"]:
        raise BeyondOracle(f"step {raw['id']}: e-mail only")
    origin = raw.get("from", OTHERS if place else FIRST)
    if origin == "previous" and not place:
        raise BeyondOracle(f"step {raw['id']}: there is no step before it")
    return Step(
        id=raw["id"],
        after=duration(raw["after"]),
        counts_from=_one_of("from", origin, "left", "abandoned", "previous"),
    )


def _limits(raw: dict[str, Any]) -> Limits:
    _refuse_others(
        "limits", raw, {"not_more_often_than", "not_after_order", "max_messages_per_30d"}
    )
    return Limits(
        not_more_often_than=duration(raw.get("not_more_often_than", "0h")),
        not_after_order=duration(raw.get("not_after_order", "0h")),
        max_messages_per_30d=raw.get("max_messages_per_30d"),
    )


def _quiet_hours(raw: dict[str, Any]) -> QuietHours | None:
    hours = raw.get("email")
    if not hours:
        return None
    start, end = time.fromisoformat(hours["from"]), time.fromisoformat(hours["until"])
    return QuietHours(start, end, hours.get("zone"))


def _one_of(where: str, value: Any, *allowed: str) -> str:
    if value not in allowed:
        raise BeyondOracle(f"{where}: one of {', '.join(allowed)}, not {value}")
    return str(value)


def _refuse_others(where: str, raw: dict[str, Any], known: set[str]) -> None:
    if others := set(raw) - known:
        raise BeyondOracle(f"{where}: unknown here: {', '.join(sorted(others))}")
