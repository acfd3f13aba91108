"""What a second person is asked about: a scenario, the next version of one, or a campaign."""

from typing import Any
from uuid import UUID

from ripresa.domain.audit.words import About
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.scenarios.file.differences import differences
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.shops.models import Shop
from ripresa.usecases.approvals.asking import Matter


def of_scenario(scenario: Scenario) -> Matter:
    """A scenario as its newest version says."""
    version = ScenarioVersion.objects.get(shop_id=scenario.shop_id, id=scenario.version_id)
    return Matter(About.SCENARIO, scenario.id, scenario.name, version.text)


def of_text(scenario: Scenario, text: str) -> Matter:
    """The next version of a scenario."""
    return Matter(About.SCENARIO, scenario.id, scenario.name, text)


def of_campaign(campaign: Campaign) -> Matter:
    """A campaign as its file says, with the budget that it has by now."""
    budget = f"{campaign.max_messages} messages, {campaign.max_cost_minor} in minor units"
    return Matter(About.CAMPAIGN, campaign.id, campaign.name, campaign.text, budget)


def changes_to(shop: Shop, scenario_id: UUID, plan: Plan) -> dict[str, Any]:
    """What another plan changes in a scenario, a line each."""
    version_id = Scenario.objects.get(shop_id=shop.id, id=scenario_id).version_id
    return {"changes": [str(one) for one in differences(plan_of(shop.id, version_id), plan)]}
