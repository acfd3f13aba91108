"""Scenario files (`version: 1`): YAML in, a `Plan` or everything that is wrong with it out."""

from decimal import Decimal

from ripresa.contracts.calling.sayings import say
from ripresa.domain.scenarios import plan as plans
from ripresa.domain.scenarios.file.arms_of_file import in_arms, read_test
from ripresa.domain.scenarios.file.branches_of_file import read_branches
from ripresa.domain.scenarios.file.document import (
    Problem,
    ScenarioInvalid,
    Value,
    given,
    read_document,
)
from ripresa.domain.scenarios.file.hours_of_file import USUAL, read_quiet_hours
from ripresa.domain.scenarios.file.people_of_file import read_audience, read_languages, read_sender
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.legal_basis.presets import BY_COUNTRY, preset_names
from ripresa.domain.scenarios.plan import (
    WHOLE_SHARE,
    Audience,
    OnReabandon,
    OnSecondCart,
    Plan,
    Trigger,
)

KEYS = (
    "version", "name", "trigger", "audience", "legal_basis", "priority", "stop_on", "stale_after",
    "limits", "quiet_hours", "holdout", "languages", "sender", "on_reabandon", "on_second_cart",
    "branches", "steps", "test",
)  # fmt: skip
_LIMITS = ("not_more_often_than", "not_after_order", "max_messages_per_30d")
_TRIGGERS: tuple[Trigger, ...] = ("cart", "checkout", "any")
_STOPS = ("reply", "agent_contact")
_ON_REABANDON: tuple[OnReabandon, ...] = ("restart", "ignore")
_ON_SECOND_CART: tuple[OnSecondCart, ...] = ("newest", "each")
_MOST_PRIORITY = 1_000_000
_MOST_MESSAGES = 1_000
_SHARE_DECIMALS = 4


def parse_scenario(text: str, *, file_name: str, around: Surroundings) -> Plan:
    """The plan that a scenario file describes. Raises ScenarioInvalid with all that is wrong."""
    top = read_document(text, file_name)
    if not top.is_mapping:
        raise ScenarioInvalid(file_name, [Problem(1, "", say("must be a mapping that has a name"))])
    plan = _read_plan(top, around)
    if top.problems:
        raise ScenarioInvalid(file_name, top.problems)
    return plan


def _read_name(value: Value, around: Surroundings) -> str | None:
    name = value.text()
    if name in around.ended:
        value.fail(say("{name!r} has ended for good; give this one another name", name=name))
    return name


def _read_plan(top: Value, around: Surroundings) -> Plan:
    found = top.entries(KEYS)
    for name in ("version", "name"):
        if name not in found:
            top.problems.append(Problem(1, name, say("is missing")))
    given(found, "version", lambda value: value.integer(1, 1), 1)
    trigger = found["trigger"].entries(("on", "idle")) if "trigger" in found else {}
    limits = found["limits"].entries(_LIMITS) if "limits" in found else {}
    own: tuple[str, ...] = (around.language,)
    languages = given(found, "languages", lambda value: read_languages(value, around), own)
    branches = read_branches(top, found, languages, around)
    trial = given(found, "test", lambda value: read_test(value, branches, languages, around), None)
    plan = Plan(
        name=given(found, "name", lambda value: _read_name(value, around), ""),
        language=languages[0],
        languages=languages,
        branches=branches if trial is None else in_arms(branches, trial),
        trigger=given(trigger, "on", lambda value: value.choice(_TRIGGERS), "cart"),
        idle=given(trigger, "idle", Value.duration, plans.DEFAULT_IDLE),
        audience=given(found, "audience", lambda value: read_audience(value, around), Audience()),
        legal_basis=given(found, "legal_basis", _read_legal_basis, BY_COUNTRY),
        priority=given(found, "priority", _read_priority, plans.DEFAULT_PRIORITY),
        stop_on=given(found, "stop_on", _read_stops, ()),
        stale_after=given(found, "stale_after", Value.duration, plans.DEFAULT_STALE_AFTER),
        not_more_often_than=given(limits, "not_more_often_than", Value.duration, None),
        not_after_order=given(limits, "not_after_order", Value.duration, None),
        max_messages_per_30d=given(limits, "max_messages_per_30d", _read_most, None),
        quiet_hours=given(found, "quiet_hours", read_quiet_hours, dict(USUAL)),
        holdout=given(found, "holdout", _read_share, 0),
        sender=given(found, "sender", lambda one: read_sender(one, around), None),
        on_reabandon=given(found, "on_reabandon", _read_reabandon, "restart"),
        on_second_cart=given(found, "on_second_cart", _read_second_cart, "newest"),
        test=None if trial is None else trial.split,
    )
    _check_against_shop(top, {**found, **trigger}, plan, around)
    return plan


def _check_against_shop(
    top: Value, found: dict[str, Value], plan: Plan, around: Surroundings
) -> None:
    if plan.idle.at_least() < around.abandoned_after:
        minutes = int(around.abandoned_after.total_seconds() // 60)
        line = found["idle"].line if "idle" in found else 1
        message = say(
            "can't be shorter than the shop's abandonment time of {minutes} minutes",
            minutes=minutes,
        )
        top.problems.append(Problem(line, "trigger.idle", message))
    if "sender" not in found and not around.has_sender:
        message = say("is missing, and the shop has no owner's address to send from")
        top.problems.append(Problem(1, "sender", message))


def _read_legal_basis(value: Value) -> str | None:
    return value.choice(preset_names())


def _read_priority(value: Value) -> int | None:
    return value.integer(-_MOST_PRIORITY, _MOST_PRIORITY)


def _read_most(value: Value) -> int | None:
    return value.integer(1, _MOST_MESSAGES)


def _read_share(value: Value) -> int | None:
    """A share from 0 to 1, as so many of WHOLE_SHARE."""
    share = value.decimal(Decimal(0), Decimal(1), _SHARE_DECIMALS)
    return None if share is None else int(share * WHOLE_SHARE)


def _read_stops(value: Value) -> tuple[str, ...]:
    read = [item.choice(_STOPS) for item in value.items()]
    return tuple(dict.fromkeys(one for one in read if one is not None))


def _read_reabandon(value: Value) -> OnReabandon | None:
    return value.choice(_ON_REABANDON)


def _read_second_cart(value: Value) -> OnSecondCart | None:
    return value.choice(_ON_SECOND_CART)
