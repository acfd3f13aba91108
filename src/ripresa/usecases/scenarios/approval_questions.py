"""Find what somebody wants to ask about, with what a second person should know."""

from typing import Any
from uuid import UUID

from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.scenarios.models import Scenario, ScenarioDraft
from ripresa.domain.shops.models import Shop
from ripresa.usecases.approvals import matters
from ripresa.usecases.approvals.asking import Matter
from ripresa.usecases.scenarios.publish_scenario import check_scenario

Question = tuple[Matter, dict[str, Any]]


def find(shop: Shop, kind: str, subject_id: UUID) -> Question | None:
    """A scenario, a campaign, or a draft of a scenario's next version; None: the shop has no such thing.

    Raises ScenarioInvalid for a draft that is no valid file.
    """
    here = {"shop_id": shop.id, "id": subject_id}
    if kind == "scenario" and (scenario := Scenario.objects.filter(**here).first()):
        return matters.of_scenario(scenario), {}
    if kind == "campaign" and (campaign := Campaign.objects.filter(**here).first()):
        budget = {"max_messages": campaign.max_messages, "max_cost_minor": campaign.max_cost_minor}
        return matters.of_campaign(campaign), {"budget": budget}
    draft = ScenarioDraft.objects.filter(**here).first() if kind == "draft" else None
    if draft is not None and draft.scenario_id is not None:
        return next_version(shop, draft.scenario_id, draft.text)
    return None


def next_version(shop: Shop, scenario_id: UUID, text: str) -> Question | None:
    """A file that is to be the next version of a scenario, and what it changes. Raises ScenarioInvalid."""
    scenario = Scenario.objects.filter(shop_id=shop.id, id=scenario_id).first()
    if scenario is None:
        return None
    plan = check_scenario(text, file_name="scenario.yaml", shop=shop)
    return matters.of_text(scenario, text), matters.changes_to(shop, scenario_id, plan)
