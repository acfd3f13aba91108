"""The agents' room (AGT-1): who sells in person, who is away, and who goes on with whose work."""

from datetime import timedelta

import pytest

from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.deals.assigning import agents_of
from ripresa.domain.deals.models import Agent, AgentAssignment, Deal, DealActivity
from ripresa.usecases.agents import assign_agents
from tests.db.console.pages import text_of
from tests.rows import T0
from tests.world import World, deal_of
from tests.worlds.agents import agent_of

ROOM = "/wines/pipeline/agents/"


@pytest.fixture
def mara(world: World) -> Agent:
    """An agent with one open deal and one customer."""
    found = Agent.objects.get(shop=world.shop, id=agent_of(world))
    Deal.objects.filter(shop=world.shop, id=deal_of(world).id).update(
        agent_id=found.id, taken_over_by=found.email, taken_over_at=T0
    )
    assign_agents.assign_customer(
        shop_id=world.shop.id, customer=world.ben.email, agent=found.email, now=T0
    )
    return found


def whose(world: World, now=T0):
    return agents_of(shop_id=world.shop.id, contact_ids=[world.ben.id], now=now)


def test_the_list_tells_what_each_has_and_takes_new_ones(world, ada, mara):
    page = text_of(ada.get(ROOM))
    assert "Mara here mara@wines.test 1 open deal · 1 customer · takes turns in rule 1 ·" in page
    assert "can’t sign in" in page
    assert "Italy; from €2,000.00 → mara@wines.test" in page
    assert ada.post(ROOM, {"email": "no address"}).status_code == 422
    assert "already" in text_of(ada.post(ROOM, {"email": "MARA@wines.test"}))
    said = text_of(ada.post(ROOM, {"email": "vera@wines.test", "name": "Vera"}, follow=True))
    assert "Vera here vera@wines.test 0 open deals" in said


def test_who_is_away_keeps_what_is_hers_but_hears_nothing(world, ada, mara):
    at = f"{ROOM}{mara.id}/"
    behind = ada.post(at, {"name": "Mara", "back_on": f"{T0:%Y-%m-%d}"})
    assert behind.status_code == 422
    assert "still to come" in text_of(behind)
    ada.post(at, {"name": "Mara R.", "back_on": f"{T0 + timedelta(days=3):%Y-%m-%d}"})
    mara.refresh_from_db()
    assert "Mara R. away back on" in text_of(ada.get(ROOM))
    assert whose(world)[world.ben.id].is_away
    assert not whose(world, mara.away_until)[world.ben.id].is_away
    ada.post(f"{at}back/")
    mara.refresh_from_db()
    assert mara.away_until is None


def test_ending_says_what_is_hers_and_who_goes_on(world, ada, mara):
    at = f"{ROOM}{mara.id}/end/"
    assert "1 open deal, 1 customer." in text_of(ada.get(at))
    assert "Say who goes on" in text_of(ada.post(at, {"heir": ""}))
    heir = assign_agents.add_agent(
        shop_id=world.shop.id, email="vera@wines.test", name="Vera", now=T0
    )
    done = text_of(ada.post(at, {"heir": str(heir)}, follow=True))
    assert "Vera has now – deals: 1, customers: 1." in done
    deal = Deal.objects.get(shop=world.shop, id=deal_of(world).id)
    assert (deal.agent_id, deal.taken_over_by) == (heir, "vera@wines.test")
    assert whose(world)[world.ben.id].email == "vera@wines.test"
    log = DealActivity.objects.filter(shop=world.shop, kind="handed_on").get()
    assert (log.who, log.note) == (world.ada.username, "vera@wines.test")
    assert "Deal handed on to vera@wines.test" in text_of(ada.get(f"/wines/pipeline/{deal.id}/"))
    kept = AuditEntry.objects.get(shop=world.shop, subject_kind="agent", action="ended")
    assert int(kept.after["deals"]) == 1
    # Without an heir: the deal is nobody's, and nothing holds its mail any more.
    ada.post(f"{ROOM}{heir}/end/", {"heir": "nobody"})
    deal.refresh_from_db()
    assert (deal.agent_id, deal.taken_over_by, deal.taken_over_at) == (None, None, None)
    assert whose(world) == {}
    assert AgentAssignment.objects.filter(shop=world.shop, agent_id=heir).exists()
    ada.post(f"{ROOM}{heir}/back/")
    assert whose(world)[world.ben.id].email == "vera@wines.test"
