"""Adjust: trigger, audience, the messages with their waits and channels, and what holds them back."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ripresa.console.conditions.words import COMPARISONS
from ripresa.console.layout.forms import Field, Form, Taking
from ripresa.console.layout.writing import as_typed
from ripresa.console.steps.titles import numbered
from ripresa.domain.scenarios.drafting.asking import as_written
from ripresa.domain.scenarios.drafting.branching import (
    add_branch,
    ask_earlier,
    new_step_name,
    remove_branch,
)
from ripresa.domain.scenarios.drafting.trying import forget_step
from ripresa.domain.scenarios.file.editing import (
    Path,
    ScenarioText,
    branches_of,
    one_line,
    one_line_list,
    steps_of,
)
from ripresa.domain.scenarios.file.hours_of_file import USUAL
from ripresa.domain.scenarios.plan import DEFAULT_PRIORITY

CHANNELS = ("email", "sms", "letter")
_MOST_MESSAGES, _MOST_PRIORITY = 1_000, 1_000_000
_AT_ANY_HOUR = ("00:00", "24:00")
_QUOTED = DoubleQuotedScalarString  # as files usually have hours
_WAITS = ("0h", "2d", "7d")
_TEXTS = ("reminder", "second_reminder", "last_reminder")


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the plan. `number` counts those to the customer; None: a notice to the agent."""

    path: tuple[str | int, ...]
    key: str
    id: str
    number: int | None
    after: Field
    base: Field
    channels: frozenset[str]
    problem: Field
    only_if: str

    @property
    def title(self) -> str:
        """What it is called."""
        return numbered(self.number)


@dataclass(frozen=True, slots=True)
class Lane:
    """The steps of one branch. `limit`: the money at which it ends or begins, if that is all it asks.

    `asked`: its condition; empty where it is for everyone else.
    """

    key: str
    name: str
    asked: str
    limit: Field | None
    op: str
    rows: list[Row]


def show(scenario: ScenarioText, told: Mapping[str, str]) -> tuple[Form, list[Lane]]:
    """The form as the file stands. `told`: conditions in words, by what they stand at."""
    form, get = Form(), scenario.get
    form.show("on", get("trigger", "on", default="cart"))
    form.show_duration("idle", get("trigger", "idle", default="24h"))
    form.show("customers", get("audience", "customers", default="all"))
    form.show_duration("inactive_for", get("audience", "inactive_for", default="3mo"))
    form.show("segment", get("audience", "segment"))
    form.show("legal_basis", get("legal_basis", default="by_country"))
    form.show_duration("gap", get("limits", "not_more_often_than"))
    form.show_duration("after_order", get("limits", "not_after_order"))
    form.show("most", get("limits", "max_messages_per_30d"))
    form.show_duration("stale_after", get("stale_after", default="72h"))
    form.show("on_reabandon", get("on_reabandon", default="restart"))
    form.show("on_second_cart", get("on_second_cart", default="newest"))
    form.show("priority", get("priority", default=DEFAULT_PRIORITY))
    form.show("holdout", as_typed(_percent(get("holdout"))))
    for word in ("reply", "agent_contact"):
        form.show(f"stop_{word}", "yes" if word in (get("stop_on") or ()) else "")
    for channel in ("email", "sms"):
        start, until = _hours(scenario, channel)
        form.show(f"{channel}_from", start)
        form.show(f"{channel}_until", until)
    return form, list(_lanes(scenario, form, told))


def _hours(scenario: ScenarioText, channel: str) -> tuple[str, str]:
    """From when until when a channel is used; twice nothing: at any hour."""
    usual = USUAL.get(channel)
    said = scenario.get("quiet_hours", channel, default={}) or {}
    bounds = (usual.start, usual.until) if usual else ()
    start, until = [f"{at // 60:02d}:{at % 60:02d}" for at in bounds] or ["", ""]
    found = (str(said.get("from", start)), str(said.get("until", until)))
    return ("", "") if found == _AT_ANY_HOUR else found


def _percent(share: object) -> str:
    return f"{(Decimal(str(share)) * 100).normalize():f}" if share else ""


def rows(scenario: ScenarioText) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Path, key in forms, and content of every step of the file."""
    for path, step in steps_of(scenario):
        *_above, number = path
        lane = path[1] if path[0] == "branches" else 0
        yield path, f"b{lane}s{number}", step


def numbers(scenario: ScenarioText) -> dict[str, int]:
    """What each step's message is called by: its number within its lane; 0: a notice to the agent."""
    found: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for _path, key, step in rows(scenario):
        lane = key.partition("s")[0]
        counts[lane] += "notify" not in step
        found[key] = 0 if "notify" in step else counts[lane]
    return found


def _lanes(scenario: ScenarioText, form: Form, told: Mapping[str, str]) -> Iterator[Lane]:
    for lane, (path, branch) in enumerate(branches_of(scenario)):
        limit, op = None, ""
        asked = branch.get("when")
        if isinstance(asked, dict) and list(asked) == ["cart_value"]:
            tests = asked["cart_value"]
            if isinstance(tests, dict) and len(tests) == 1 and "in" not in tests:
                op = next(iter(tests))
                limit = form.show(f"b{lane}_limit", tests[op])
        shown, count = [], 0
        for number, step in enumerate(scenario.get(*path, default=()) or ()):
            if not isinstance(step, dict):
                continue
            is_notice = "notify" in step
            count += not is_notice
            key = f"b{lane}s{number}"
            usual = "previous" if number else "abandoned"
            sent: Any = step.get("send")
            shown.append(
                Row(
                    (*path, number), key, str(step.get("id", "")), None if is_notice else count,
                    form.show_duration(f"{key}_after", step.get("after", "0h")),
                    form.show(f"{key}_base", step.get("from", usual)),
                    frozenset(map(str, sent if isinstance(sent, list) else ())), form.show(f"{key}_send", ""),
                    _asked(step.get("only_if"), told.get(key)),
                )
            )  # fmt: skip
        when = _asked(asked, told.get(f"b{lane}"))
        word = str(COMPARISONS.get(op, op))
        yield Lane(f"b{lane}", str(branch.get("name", "")), when, limit, word, shown)


def _asked(raw: object, told: str | None) -> str:
    """A condition in words, else as the file has it; empty where there is none."""
    return "" if raw is None else told or as_written(raw)


def take(scenario: ScenarioText, post: Mapping[str, str]) -> dict[str, str]:
    """Put what was typed into the file. What is wrong, by field, stays out."""
    taking = Taking(scenario, post)
    taking.word("on", ("trigger", "on"), usual="cart")
    taking.duration("idle", ("trigger", "idle"), usual="24h")
    taking.word("customers", ("audience", "customers"), usual="all")
    if post.get("customers") == "inactive":
        taking.duration("inactive_for", ("audience", "inactive_for"), usual="3mo")
    else:
        scenario.put(("audience", "inactive_for"), None)
    taking.word("segment", ("audience", "segment"))
    taking.word("legal_basis", ("legal_basis",), usual="by_country")
    taking.duration("gap", ("limits", "not_more_often_than"))
    taking.duration("after_order", ("limits", "not_after_order"))
    taking.whole("most", ("limits", "max_messages_per_30d"), least=1, most=_MOST_MESSAGES)
    taking.duration("stale_after", ("stale_after",), usual="72h")
    taking.word("on_reabandon", ("on_reabandon",), usual="restart")
    taking.word("on_second_cart", ("on_second_cart",), usual="newest")
    taking.whole(
        "priority",
        ("priority",),
        least=-_MOST_PRIORITY,
        most=_MOST_PRIORITY,
        usual=DEFAULT_PRIORITY,
    )
    _take_holdout(taking)
    _take_stops(taking)
    _take_hours(taking)
    _take_steps(taking)
    return taking.wrong


def _take_holdout(taking: Taking) -> None:
    if "holdout" in taking.post:
        share = taking.percent("holdout")
        if "holdout" not in taking.wrong:
            taking.scenario.put(("holdout",), float(share / 100) if share else None)


def _take_stops(taking: Taking) -> None:
    if "stops" not in taking.post:
        return
    words = [word for word in ("reply", "agent_contact") if taking.post.get(f"stop_{word}")]
    if words != list(taking.scenario.get("stop_on") or ()):
        taking.scenario.put(("stop_on",), one_line_list(words) if words else None)


def _take_hours(taking: Taking) -> None:
    for channel in ("email", "sms"):
        path = ("quiet_hours", channel)
        if f"{channel}_from" not in taking.post:
            continue
        start, until = (taking.post.get(f"{channel}_{end}", "") for end in ("from", "until"))
        if bool(start) != bool(until) or (start and start == until):
            taking.wrong[f"{channel}_from"] = _("Give both: from when, and until when.")
            continue
        if (start, until) == _hours(taking.scenario, channel):
            continue
        old = taking.scenario.get(*path)
        zone = {"zone": old["zone"]} if isinstance(old, dict) and "zone" in old else {}
        if start:
            taking.scenario.put(
                path, one_line({"from": _QUOTED(start), "until": _QUOTED(until), **zone})
            )
        else:
            # Where a file says nothing the usual hours hold, so "at any hour" has to be said.
            start, until = map(_QUOTED, _AT_ANY_HOUR)
            any_hour = one_line({"from": start, "until": until})
            taking.scenario.put(path, any_hour if channel in USUAL else None)


def _take_steps(taking: Taking) -> None:
    for lane, _branch in enumerate(list(branches_of(taking.scenario))):
        name = f"b{lane}_limit"
        if name in taking.post:
            _take_limit(taking, lane, name)
    for path, key, step in list(rows(taking.scenario)):
        if f"{key}_after" not in taking.post:
            continue
        taking.duration(f"{key}_after", (*path, "after"), usual="0h")
        usual = "previous" if path[-1] else "abandoned"
        taking.word(f"{key}_base", (*path, "from"), usual=usual)
        if "notify" in step:
            continue
        channels = [channel for channel in CHANNELS if taking.post.get(f"{key}_{channel}")]
        if not channels:
            taking.wrong[f"{key}_send"] = _("Choose at least one channel.")
        elif channels != list(step.get("send") or ()):
            taking.scenario.put((*path, "send"), one_line_list(channels))


def _take_limit(taking: Taking, lane: int, name: str) -> None:
    tests = taking.scenario.get("branches", lane, "when", "cart_value", default={})
    value = taking.post[name].strip().replace(",", ".")
    if not value.replace(".", "", 1).isdigit() or not value.isascii():
        taking.wrong[name] = _("A value looks like 49.90.")
    elif tests and str(tests[next(iter(tests))]) != value:
        tests[next(iter(tests))] = value


def change_steps(scenario: ScenarioText, do: str, most: int) -> str:
    """What a button asks for: `add b0`, `remove b0s1`, `earlier b0s1`, `branch`, `unbranch b0`, `raise b1`.

    Anything else is nothing. The key of a branch that is new.
    """
    word, _space, key = do.partition(" ")
    if word == "branch":
        return f"b{add_branch(scenario)}"
    number = int(key[1:]) if key[1:].isascii() and key[1:].isdigit() else -1
    if word == "unbranch":
        remove_branch(scenario, number)
    elif word == "raise":
        ask_earlier(scenario, number)
    else:
        _change_steps(scenario, word, key, most)
    return ""


def _change_steps(scenario: ScenarioText, word: str, key: str, most: int) -> None:
    for lane, (path, branch) in enumerate(list(branches_of(scenario))):
        if word == "add" and key == f"b{lane}":
            _add(scenario, path, str(branch.get("name", "")), most)
    for path, name, step in list(rows(scenario)):
        steps, number = scenario.get(*path[:-1]), int(path[-1])
        if name != key:
            continue
        if word == "remove" and len(steps) > 1:
            forget_step(scenario, str(step.get("id")))
            del steps[number]
        elif word == "earlier" and number:
            steps.insert(number - 1, steps.pop(number))


def _add(scenario: ScenarioText, path: Path, branch: str, most: int) -> None:
    steps = scenario.get(*path)
    if not isinstance(steps, list):
        scenario.put(path, [])
        steps = scenario.get(*path)
    count = sum("notify" not in step for step in steps if isinstance(step, dict))
    if count >= most:
        return
    name = new_step_name(scenario, len(steps), branch)
    place = min(count, len(_WAITS) - 1)
    step = one_line({"id": name, "after": _WAITS[place]})
    step["send"] = one_line_list(["email"])
    step["template"] = _TEXTS[place]
    steps.append(step)
