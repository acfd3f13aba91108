"""What a second person is asked about a scenario, as its own page tells it."""

from dataclasses import dataclass

from ripresa.console.audit.entries import names_of_actors
from ripresa.console.layout.request import ConsoleRequest
from ripresa.domain.audit.words import About
from ripresa.domain.scenarios.models import Scenario, ScenarioDraft, ScenarioVersion
from ripresa.domain.shops.models import Approval
from ripresa.usecases.approvals import asking, matters


@dataclass(frozen=True, slots=True)
class Question:
    """A question or its answer. `is_draft`: about the changes that wait, else about what holds.

    `is_stale`: neither says any more what was asked about. `may_decide`: the reader is the second person.
    """

    approval: Approval
    asked_by: str
    decided_by: str
    is_draft: bool
    is_stale: bool
    may_decide: bool


def question_about(
    request: ConsoleRequest,
    scenario: Scenario,
    version: ScenarioVersion,
    draft: ScenarioDraft | None,
) -> Question | None:
    """The latest question, where the shop wants a second person; an answer while it still has a use."""
    if not request.shop.second_person:
        return None
    found = asking.latest(request.shop.id, About.SCENARIO, scenario.id)
    if found is None:
        return None
    digest = bytes(found.digest)
    is_draft = draft is not None and matters.of_text(scenario, draft.text).digest == digest
    is_first = (
        scenario.state == "draft" and matters.of_text(scenario, version.text).digest == digest
    )
    is_stale = not is_draft and not is_first
    if is_stale and found.is_approved is not None:
        return None
    named = names_of_actors(
        request.shop.id, [_actor(who) for who in (found.asked_by, found.decided_by) if who]
    )
    return Question(
        found,
        named[_actor(found.asked_by)],
        named[_actor(found.decided_by)] if found.decided_by else "",
        is_draft,
        is_stale,
        found.is_approved is None and request.may_change and asking.may_decide(found),
    )


def _actor(text: str) -> tuple[str, str]:
    kind, _dot, name = text.partition(".")
    return kind, name
