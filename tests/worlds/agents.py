"""Who sells for Ada's shop, by which rule."""

from uuid import UUID

from ripresa.domain.deals.agents import Terms
from ripresa.domain.deals.models import Agent
from ripresa.usecases.agents import assign_agents
from tests.rows import T0
from tests.world import World


def agent_of(world: World) -> UUID:
    """Mara, who gets everybody from Italy; made when somebody first asks for her."""
    shop_id = world.shop.id
    found = Agent.objects.filter(shop_id=shop_id, email="mara@wines.test").first()
    if found is not None:
        return found.id
    made = assign_agents.add_agent(shop_id=shop_id, email="mara@wines.test", name="Mara", now=T0)
    assign_agents.add_rule(
        shop_id=shop_id,
        terms=Terms(countries=("IT",), currency="EUR", at_least_minor=200_000),
        emails=["mara@wines.test"],
        now=T0,
    )
    return made


def agent_pages(world: World) -> dict[str, str]:
    """The pages of this room by name, for a browser to walk."""
    at = f"/wines/pipeline/agents/{agent_of(world)}/"
    return {"agents": "/wines/pipeline/agents/", "agent": at, "agent-end": f"{at}end/"}
