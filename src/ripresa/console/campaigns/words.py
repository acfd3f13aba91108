"""The words of the campaign pages: what a campaign is about, how it goes, and its steps."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.wizard.steps import WizardStep
from ripresa.domain.scenarios.file.document import Problem
from ripresa.usecases.campaigns.preview import Preview

Words = Mapping[str, Promise | str]

CHANNELS = ("email", "sms", "letter")
ABOUT: Words = {
    "abandoned_cart": _(
        "The cart that she left: the message shows it, and its link brings it back"
    ),
    "thank_you": _("A thank-you to whoever came back and bought"),
    "none": _("Something else, no cart"),
}
MODES: Words = {
    "now": _("Once, as soon as it is started"),
    "once": _("Once, at a day and hour"),
    "continuous": _("To everybody who comes into the audience, each once"),
}


class Preset(NamedTuple):
    """A proposal: its name, what it does, and the icon beside it."""

    title: Promise | str
    about: Promise | str


PRESETS: Mapping[str, Preset] = {
    "letter": Preset(
        _("A letter to those who left"),
        _(
            "Printed, with the cart in it, to people with a postal address; a budget holds the cost."
        ),
    ),
    "mail": Preset(
        _("A mail to those who left"), _("With the cart and a link that brings it back.")
    ),
    "sms": Preset(
        _("A short message to those who left"),
        _("To people with a phone number who agreed; a budget holds the cost."),
    ),
    "thanks": Preset(
        _("Thank you for coming back"),
        _("To everybody whose cart became an order, each once, as they come."),
    ),
}
STEPS = (
    WizardStep("audience", _("Audience"), _("What it speaks of, and who gets it.")),
    WizardStep("message", _("Channel and message"), _("By which way, in which words, from whom.")),
    WizardStep("coupon", _("Coupon"), _("A code of one's own for each person, if you like.")),
    WizardStep(
        "budget", _("Budget and schedule"), _("When it goes, and how much it may cost at most.")
    ),
    WizardStep("review", _("Review"), _("What still blocks, who gets it, and what it costs.")),
)
BY_KEY = {step.key: step for step in STEPS}
# The first that fits a field's path; the rest is set under Budget and schedule.
_PLACES = (
    (re.compile(r"(version|name|about)\Z|\Z|audience"), "audience"),
    (re.compile(r"message\.coupon"), "coupon"),
    (re.compile(r"message|languages|sender"), "message"),
)


class FateRow(NamedTuple):
    """So many messages by one way of which the same would become, and why."""

    icon: str
    channel: str
    what: Promise | str
    reason: str
    number: int


def fates_of(found: Preview | None) -> list[FateRow]:
    """What a rehearsal found, line by line."""
    if found is None:
        return []
    goes, busy = _("goes at once"), _("something else is on its way to them first")
    waits, away = _("waits"), _("falls away")
    return [
        *(FateRow("circle-check", way, goes, "", n) for way, n in found.goes.most_common()),
        *(
            FateRow("info-circle", way, waits, why, n)
            for (way, why), n in found.waits.most_common()
        ),
        *(FateRow("x", way, away, why, n) for (way, why), n in found.falls_away.most_common()),
        *(FateRow("info-circle", way, busy, "", n) for way, n in found.undecided.most_common()),
    ]


def url_name(step: WizardStep) -> str:
    """The name of a step's address."""
    return f"campaign-{step.key}"


def by_step(problems: Sequence[Problem]) -> Mapping[str, list[Problem]]:
    """Problems by the key of the step that mends them."""
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        places = (key for pattern, key in _PLACES if pattern.match(problem.field))
        found[next(places, "budget")].append(problem)
    return dict(found)


def after(key: str) -> WizardStep | None:
    """The step behind this one."""
    place = next(number for number, step in enumerate(STEPS) if step.key == key)
    return STEPS[place + 1] if place + 1 < len(STEPS) else None
