"""What a step is called where people read of it: as the wizard numbers messages, not by its id.

Files, the API and what is taken away call it by its id.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from ripresa.console.layout.writing import in_words
from ripresa.domain.campaigns.plan import STEP as CAMPAIGN
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.figures import list_scenarios
from ripresa.domain.scenarios.plan import Base, Plan, Step
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.sending.by_hand import STEP as BY_HAND

# The one step of these: they are called by what they belong to.
_ONLY = frozenset({BY_HAND, CAMPAIGN})


def titles_of(plan: Plan) -> dict[str, str]:
    """The steps of a plan by id: Message 2. Where branches share a number, with when each comes."""
    steps = {step.id: (title, step) for title, step in _titled(plan)}
    shared = Counter(title for title, _step in steps.values())
    return {
        each: title if shared[title] == 1 else f"{title}, {wait_in_words(step.after, step.base)}"
        for each, (title, step) in steps.items()
    }


def short_titles_of(plan: Plan) -> dict[str, str]:
    """The same where the branch stands above them."""
    return {step.id: title for title, step in _titled(plan)}


def _titled(plan: Plan) -> Iterator[tuple[str, Step]]:
    for branch in plan.branches:
        number = 0
        for step in branch.steps:
            number += not step.is_notice
            yield numbered(None if step.is_notice else number), step


def title_in(shop_id: int, version_id: UUID | None, step: str | None) -> str:
    """A step of one version of a scenario; "" where there is nothing to tell apart."""
    if step is None or step in _ONLY:
        return ""
    return titles_of(plan_of(shop_id, version_id)).get(step, step) if version_id else step


class StepTitles:
    """The steps of a shop's scenarios as they are now; what was dropped since keeps its id."""

    def __init__(self, shop_id: int, versions: Mapping[str, UUID | None] | None = None) -> None:
        """`versions` in force by the scenario's name, where they are known already."""
        self._shop_id, self._versions = shop_id, versions

    def __call__(self, scenario: str, step: str) -> str:
        """A step by the name of its scenario."""
        return "" if step in _ONLY else self._known.get((scenario, step), step)

    @cached_property
    def _known(self) -> Mapping[tuple[str, str], str]:
        versions = self._versions
        if versions is None:
            versions = {one.name: one.version_id for one in list_scenarios(self._shop_id)}
        return {
            (name, step): title
            for name, version_id in versions.items()
            for step, title in titles_of(plan_of(self._shop_id, version_id)).items()
        }


def wait_in_words(duration: Duration, base: Base) -> str:
    """When a step comes: 2 days after the step before."""
    wait = in_words(duration)
    if not wait:
        at_once = {
            "left": _("at once, from leaving on"),
            "abandoned": _("at once when taken up"),
            "previous": _("together with the step before"),
        }
        return at_once[base]
    after = {
        "left": _("%s after the person left"),
        "abandoned": _("%s after the cart is taken up"),
        "previous": _("%s after the step before"),
    }
    return after[base] % wait


def numbered(number: int | None) -> str:
    """A step by its number among those to the customer; none: a notice to the agent."""
    return _("Message %(number)s") % {"number": number} if number else _("Notice to the agent")
