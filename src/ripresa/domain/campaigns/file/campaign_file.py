"""Campaign files (`version: 1`): YAML in, a `CampaignPlan` or everything that is wrong with it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ripresa.contracts.calling.sayings import say
from ripresa.domain.campaigns.file.audience_of_file import Whom, read_audience
from ripresa.domain.campaigns.file.budget_of_file import read_budget
from ripresa.domain.campaigns.file.schedule_of_file import read_schedule
from ripresa.domain.campaigns.plan import ABOUTS, STEP, About, Budget, CampaignPlan, Schedule
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.file.document import (
    Problem,
    ScenarioInvalid,
    Value,
    given,
    read_document,
)
from ripresa.domain.scenarios.file.hours_of_file import USUAL, read_quiet_hours
from ripresa.domain.scenarios.file.people_of_file import read_languages, read_sender
from ripresa.domain.scenarios.file.steps_of_file import StepReader
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.legal_basis.presets import BY_COUNTRY, preset_names
from ripresa.domain.scenarios.plan import Branch, Plan, Step

KEYS = (
    "version", "name", "about", "audience", "schedule", "message", "budget", "legal_basis",
    "stale_after", "limits", "quiet_hours", "languages", "sender",
)  # fmt: skip
_NEEDED = ("version", "name", "about", "audience", "message")
_LIMITS = ("not_more_often_than", "not_after_order", "max_messages_per_30d")
_MOST_MESSAGES = 1_000
# What a merchant paused for a few days still goes out afterwards.
STALE_AFTER = Duration(seconds=14 * 86_400)
_UNKNOWN: About = "abandoned_cart"  # asks nothing of the rest of the file
_NOTHING = Step(STEP, Duration(), "left", (), "")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a campaign file is checked against. `taken`: names of campaigns that have begun.

    `zone`: the shop's, for instants without one. `speaking_of_carts`: the templates, with a channel, that
    say nothing without a cart.
    """

    around: Surroundings
    zone: ZoneInfo
    taken: frozenset[str] = frozenset()
    speaking_of_carts: frozenset[tuple[str, str]] = frozenset()


def parse_campaign(text: str, *, file_name: str, setting: Setting) -> CampaignPlan:
    """The campaign that a file describes. Raises ScenarioInvalid with all that is wrong."""
    top = read_document(text, file_name)
    if not top.is_mapping:
        raise ScenarioInvalid(file_name, [Problem(1, "", say("must be a mapping that has a name"))])
    plan = _read(top, setting)
    if top.problems:
        raise ScenarioInvalid(file_name, top.problems)
    return plan


def _read(top: Value, setting: Setting) -> CampaignPlan:
    around = setting.around
    found = top.entries(KEYS)
    for key in _NEEDED:
        if key not in found:
            top.problems.append(Problem(1, key, say("is missing")))
    given(found, "version", lambda value: value.integer(1, 1), 1)
    about: About = given(found, "about", lambda value: value.choice(ABOUTS), _UNKNOWN)
    whom = given(found, "audience", lambda value: read_audience(value, around), Whom())
    own: tuple[str, ...] = (around.language,)
    languages = given(found, "languages", lambda value: read_languages(value, around), own)
    reader = StepReader(languages, around)
    step = given(found, "message", lambda value: reader.read_message(value, STEP), _NOTHING)
    _check_template(found, about, step, setting)
    return CampaignPlan(
        name=given(found, "name", lambda value: _read_name(value, setting), ""),
        about=about,
        message=_message(top, found, about, step, languages, around),
        segment=whom.segment,
        condition=whom.condition,
        schedule=given(
            found, "schedule", lambda value: read_schedule(value, setting.zone), Schedule()
        ),
        budget=given(
            found, "budget", lambda value: read_budget(value, step, around.currency), Budget()
        ),
    )


def _read_name(value: Value, setting: Setting) -> str | None:
    name = value.text()
    if name in setting.taken:
        value.fail(
            say("{name!r} has begun and can't be changed; give this one another name", name=name)
        )
    return name


def _message(
    top: Value,
    found: Mapping[str, Value],
    about: About,
    step: Step,
    languages: tuple[str, ...],
    around: Surroundings,
) -> Plan:
    limits = found["limits"].entries(_LIMITS) if "limits" in found else {}
    if about == "thank_you" and "not_after_order" in limits:
        limits["not_after_order"].fail(say("has no place here: one is thanked after an order"))
    if "sender" not in found and not around.has_sender:
        message = say("is missing, and the shop has no owner's address to send from")
        top.problems.append(Problem(1, "sender", message))
    return Plan(
        name=STEP,
        language=languages[0],
        languages=languages,
        branches=(Branch(about, (step,)),),
        legal_basis=given(
            found, "legal_basis", lambda value: value.choice(preset_names()), BY_COUNTRY
        ),
        stale_after=given(found, "stale_after", Value.duration, STALE_AFTER),
        not_more_often_than=given(limits, "not_more_often_than", Value.duration, None),
        not_after_order=given(limits, "not_after_order", Value.duration, None),
        max_messages_per_30d=given(
            limits, "max_messages_per_30d", lambda value: value.integer(1, _MOST_MESSAGES), None
        ),
        quiet_hours=given(found, "quiet_hours", read_quiet_hours, dict(USUAL)),
        sender=given(found, "sender", lambda one: read_sender(one, around), None),
    )


def _check_template(found: Mapping[str, Value], about: About, step: Step, setting: Setting) -> None:
    if about != "none" or "message" not in found:
        return
    for channel in step.channels:
        if (step.template, channel) in setting.speaking_of_carts:
            found["message"].fail(
                say(
                    "template {template!r} speaks of a cart by {channel}; "
                    "write about: abandoned_cart, or take another template",
                    template=step.template,
                    channel=channel,
                )
            )
