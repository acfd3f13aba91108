"""The eight steps of the wizard (SCN-18), and to which of them a problem of the file belongs."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.domain.scenarios.file.document import Problem


@dataclass(frozen=True, slots=True)
class WizardStep:
    """One step: its word in the address, its title, and what it is for."""

    key: str
    title: Promise | str
    about: Promise | str

    @property
    def url_name(self) -> str:
        """The name of its address."""
        return f"wizard-{self.key}"


STEPS = (
    WizardStep("start", _("Start"), _("What this scenario does, and what it is called.")),
    WizardStep("adjust", _("Adjust"), _("Who gets a message, when, and by which channel.")),
    WizardStep("language", _("Language"), _("One language or several: each person reads her own.")),
    WizardStep("sender", _("Sender"), _("Who the mails come from and where answers go.")),
    WizardStep("design", _("Design"), _("What each message says, as it will look.")),
    WizardStep("coupons", _("Coupons"), _("A code with a message, if you like.")),
    WizardStep("review", _("Review"), _("What still blocks, a trial, and the switch.")),
    WizardStep("reports", _("Reports"), _("How far each message got.")),
)
BY_KEY = {step.key: step for step in STEPS}
# The first that fits a field's path; the rest of a file is set under Adjust.
_PLACES = (
    (re.compile(r"(version|name)\Z|\Z"), "start"),
    (re.compile(r"languages"), "language"),
    (re.compile(r"sender|.*\]\.sender"), "sender"),
    (re.compile(r".*\]\.template"), "design"),
    (re.compile(r".*\]\.coupon"), "coupons"),
)


def place_of(problem: Problem) -> WizardStep:
    """Where a problem of the file is mended."""
    if "has no template" in problem.message:
        return BY_KEY["design"]
    found = (key for pattern, key in _PLACES if pattern.match(problem.field))
    return BY_KEY[next(found, "adjust")]


def by_step(problems: Sequence[Problem]) -> Mapping[str, list[Problem]]:
    """Problems by the key of the step that mends them."""
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        found[place_of(problem).key].append(problem)
    return dict(found)


def after(key: str) -> WizardStep | None:
    """The step behind this one."""
    place = next(number for number, step in enumerate(STEPS) if step.key == key)
    return STEPS[place + 1] if place + 1 < len(STEPS) else None
