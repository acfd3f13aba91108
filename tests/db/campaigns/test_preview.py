"""The count that is shown comes from the code that sends, and nothing is touched (CMP-1)."""

import pytest
from django.db import connection

from ripresa.contracts.reasons import Reason
from ripresa.domain.campaigns.models import CampaignRecipient
from ripresa.domain.messages.models import Decision, Message
from ripresa.usecases.campaigns import preview as previewing
from ripresa.usecases.campaigns.keep import check_campaign
from ripresa.usecases.campaigns.preview import of_campaign, of_file, preview
from tests.db.campaigns.campaign_world import (
    ADDRESS,
    campaign,
    customers,
    fates,
    left_behind,
    messages_of,
)
from tests.db.coupons.pools import add_codes, make_pool
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db
TABLES = ("campaign", "campaign_recipient", "message", "decision", "coupon_issue", "owner_notice")


def crowd(world):
    left_behind(world, "ada")
    left_behind(world, "ben", consent_email="denied")
    left_behind(world, "cleo", email=None)
    ordered = left_behind(world, "dora", ago=60 * DAY)
    type(ordered).objects.filter(id=ordered.id, shop_id=ordered.shop_id).update(state="expired")
    world.order(ordered.contact, placed_at=T0 - DAY)


def rows():
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()
        return found


def test_it_counts_what_the_sending_does(monkeypatch):
    monkeypatch.setattr(previewing, "PAGE", 2)
    world = make_world()
    crowd(world)
    draft = campaign(world, begin=False)
    before = rows()
    seen = preview(of_campaign(world.shop, draft), now=T0)
    assert rows() == before
    assert (seen.people, seen.looked_at, dict(seen.goes)) == (4, 4, {"email": 1})
    assert dict(seen.falls_away) == {
        ("email", Reason.NO_CONSENT): 1,
        ("email", Reason.NO_EMAIL): 1,
        ("email", Reason.ORDERED): 1,
    }
    plan = check_campaign(draft.text, file_name="f", shop=world.shop)
    assert preview(of_file(world.shop, plan), now=T0) == seen

    started = campaign(world)
    world.run()
    assert customers(world) == ["ada@example.test"]
    assert fates(started) == [
        ("cancelled", "ordered"),
        ("sent", "due"),
        ("skipped", "no_consent"),
        ("skipped", "no_email"),
    ]
    again = preview(of_campaign(world.shop, started), now=T0)
    assert (again.people, again.looked_at) == (0, 0)


def test_it_tells_what_waits_and_what_it_costs():
    world = make_world()
    make_pool_of(world, "AB")
    for name in ("ada", "ben", "cleo"):
        left_behind(world, name, address=ADDRESS)
    draft = campaign(
        world,
        message="{send: [letter, email], template: last_reminder, coupon: {pool: spring}}",
        more=(
            "quiet_hours: {email: {from: '09:00', until: '12:00'}}\n"
            'budget: {max_cost: "400.00", cost: {letter: "0.95"}}'
        ),
        begin=False,
    )
    seen = preview(of_campaign(world.shop, draft), now=T0)
    assert seen.waits["email", Reason.QUIET_HOURS] == 3
    assert seen.goes["letter"] + seen.waits["letter", Reason.PAUSED] == 3
    assert seen.cost_minor == 3 * 95
    assert (seen.codes_wanted, seen.codes_left) == (3, 2)
    assert not Message.objects.exists()
    assert not CampaignRecipient.objects.exists()
    assert not Decision.objects.exists()
    assert messages_of(draft) == []


def make_pool_of(world, codes):
    add_codes(make_pool(world.shop), codes)


def test_it_looks_at_no_more_than_it_is_asked():
    world = make_world()
    for number in range(3):
        left_behind(world, f"p{number}")
    seen = preview(of_campaign(world.shop, campaign(world, begin=False)), now=T0, most=2)
    assert (seen.people, seen.looked_at, seen.goes["email"]) == (3, 2, 2)
