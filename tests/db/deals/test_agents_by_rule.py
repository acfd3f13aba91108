"""A large cart of nobody's customer: the rules find her an agent, who is told and in whose name she is written to."""

import pytest

from ripresa.domain.deals.agents import Terms
from ripresa.domain.deals.models import Deal
from ripresa.domain.segments import operations as segments
from ripresa.domain.segments.reading import parse_segment
from ripresa.usecases.agents import assign_agents
from tests.db.usecases.engine_world import DAY, T0, World, make_world

pytestmark = pytest.mark.django_db
STEPS = """\
  - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}
  - {id: second, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email], template: agent_reminder, sender: agent}
"""
GOOD = "name: Good\nwhen: {language: {eq: de}}\n"


@pytest.fixture
def world() -> World:
    world = make_world()
    text = GOOD
    segment = parse_segment(text, file_name="good.yaml", currency="EUR")
    segments.save(shop_id=world.shop_id, segment=segment, text=text, now=world.now)
    for email, terms in [
        ("good@shop.test", Terms(segment="Good")),
        ("large@shop.test", Terms(currency="EUR", at_least_minor=5000)),
        ("rest@shop.test", Terms()),
    ]:
        add = {"shop_id": world.shop_id, "now": world.now}
        assign_agents.add_agent(**add, email=email, name="")
        assign_agents.add_rule(**add, terms=terms, emails=[email])
    world.scenario(steps=STEPS)
    return world


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"locale": "de-AT"}, "good@shop.test"),
        ({"locale": "it-IT"}, "large@shop.test"),
        ({"locale": "de-AT", "agent": "own@shop.test"}, "own@shop.test"),
    ],
)
def test_the_agent_is_told_and_signs(world, person, expected):
    world.cart(world.contact(**person))
    world.run_until(T0 + 5 * DAY)
    notice, mail = world.channel.mails
    assert notice.recipient.address == mail.sender.address == expected
    assert Deal.objects.select_related("agent").get(shop_id=world.shop_id).agent.email == expected


def test_who_is_away_is_passed_over(world):
    away = {"shop_id": world.shop_id, "now": world.now, "away_until": T0 + 9 * DAY}
    assign_agents.change_agent(email="large@shop.test", **away)
    world.cart(world.contact(locale="it-IT"))
    world.run_until(T0 + 5 * DAY)
    assert world.channel.mails[0].recipient.address == "rest@shop.test"
