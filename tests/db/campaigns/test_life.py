"""Campaigns from their file to the last message: once, at an instant, as people come (CMP-3)."""

from datetime import timedelta

import pytest

from ripresa.domain.campaigns.models import CampaignRecipient
from ripresa.domain.messages.models import Decision, OwnerNotice
from ripresa.usecases.campaigns import life
from ripresa.usecases.campaigns.keep import keep_campaign
from ripresa.usecases.campaigns.life import NotPossible
from tests.db.campaigns.campaign_world import (
    MINUTE,
    campaign,
    customers,
    fates,
    fresh,
    left_behind,
    recovered,
)
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db


def test_who_left_a_cart_gets_it_once_and_the_campaign_ends():
    world = make_world()
    left_behind(world, "ada")
    left_behind(world, "ben")
    world.contact("cleo")
    one = campaign(world)
    assert one.state == "live"
    world.run()
    assert sorted(world.channel.recipients) == ["ada@example.test", "ben@example.test"]
    assert "Vino" in world.channel.mails[0].text
    world.run(T0 + MINUTE)
    assert fresh(one).state == "ended"
    world.run(T0 + 30 * DAY)
    assert len(world.channel.mails) == 2
    assert fates(one) == [("sent", "due")] * 2


def test_nothing_leaves_before_its_instant():
    world = make_world()
    left_behind(world)
    one = campaign(world, more="schedule: {from: '2026-10-04 09:00'}")
    assert one.state == "scheduled"
    world.run(T0 + timedelta(hours=15))
    assert world.channel.mails == []
    world.run(T0 + timedelta(hours=16))  # 09:00 in Rome is 07:00 UTC
    assert len(world.channel.mails) == 1
    assert fresh(one).state == "live"


def test_a_continuous_one_takes_newcomers_once():
    world = make_world()
    left_behind(world, "ada")
    one = campaign(world, more="schedule: {mode: continuous, until: '2026-10-10 00:00'}")
    world.run()
    world.now = T0 + timedelta(hours=1)
    left_behind(world, "ben")
    left_behind(world, contact=CampaignRecipient.objects.get().contact)
    for minutes in range(60, 200, 10):
        world.run(T0 + minutes * MINUTE)
    assert sorted(world.channel.recipients) == ["ada@example.test", "ben@example.test"]
    world.run(T0 + 8 * DAY)
    world.now = T0 + 8 * DAY
    left_behind(world, "late")
    world.run(T0 + 9 * DAY)
    assert fresh(one).state == "ended"
    assert len(world.channel.mails) == 2


def test_pausing_holds_and_resuming_lets_go():
    world = make_world()
    left_behind(world, "ada")
    one = campaign(world, more="quiet_hours: {email: {from: '09:00', until: '12:00'}}")
    world.run()
    assert fates(one) == [("planned", "quiet_hours")]
    life.pause(one, why="look again", now=world.now)
    world.run(T0 + DAY)
    assert (world.channel.mails, fates(one)) == ([], [("planned", "paused")])
    life.resume(one, now=T0 + DAY - 6 * timedelta(hours=1))
    world.run(T0 + DAY - 6 * timedelta(hours=1))
    assert len(world.channel.mails) == 1
    with pytest.raises(NotPossible, match="is live, not paused"):
        life.resume(one, now=T0 + DAY)


def test_ending_cancels_what_is_planned():
    world = make_world()
    left_behind(world, "ada")
    one = campaign(world, more="quiet_hours: {email: {from: '09:00', until: '12:00'}}")
    world.run()
    assert life.end(one, now=T0) == 1
    world.run(T0 + 2 * DAY)
    assert (world.channel.mails, fates(one)) == ([], [("cancelled", "by_hand")])
    assert not CampaignRecipient.objects.filter(state="planned").exists()


def test_bought_between_planning_and_sending():
    world = make_world()
    cart = left_behind(world, "ada")
    one = campaign(world, more="quiet_hours: {email: {from: '09:00', until: '12:00'}}")
    world.run()
    recovered(world, cart, T0)
    world.run(T0 + DAY)
    assert (world.channel.mails, fates(one)) == ([], [("cancelled", "ordered")])


def test_an_order_since_counts_for_a_cart_that_had_expired():
    world = make_world()
    cart = left_behind(world, "ada", ago=60 * DAY)
    type(cart).objects.filter(id=cart.id, shop_id=cart.shop_id).update(state="expired")
    world.order(cart.contact, placed_at=T0 - DAY)
    one = campaign(world)
    world.run()
    assert (world.channel.mails, fates(one)) == ([], [("cancelled", "ordered")])


def test_consent_withdrawn_before_it_leaves():
    world = make_world()
    cart = left_behind(world, "ada")
    one = campaign(world, more="quiet_hours: {email: {from: '09:00', until: '12:00'}}")
    world.run()
    type(cart.contact).objects.filter(id=cart.contact_id, shop_id=cart.shop_id).update(
        consent_email="denied"
    )
    world.run(T0 + DAY)
    assert (world.channel.mails, fates(one)) == ([], [("skipped", "no_consent")])


def test_no_legal_basis_for_one_reminder_lets_a_thank_you_out():
    world = make_world()
    recovered(world, left_behind(world, "ada", consent_email="unknown"))
    one = campaign(
        world, about="thank_you", audience="{when: {abandonment: {state: recovered}}}",
        message="{send: [email], template: thank_you}", more="", begin=False,
    )  # fmt: skip
    text = one.text.replace("legal_basis: consent", "legal_basis: one_reminder")
    keep_campaign(shop_id=world.shop_id, text=text, file_name="c", now=T0)
    life.start(one, now=T0)
    world.run()
    assert (world.channel.mails, fates(one)) == ([], [("skipped", "legal_basis")])


def test_what_speaks_of_no_cart_goes_to_who_has_none():
    world = make_world()
    world.contact("cleo")
    one = campaign(
        world, about="none", audience="{when: {has_email: {eq: true}}}",
        message="{send: [email], template: thank_you}",
    )  # fmt: skip
    world.run()
    assert world.channel.recipients == ["cleo@example.test"]
    assert fates(one) == [("sent", "due")]


def test_a_cap_of_the_shop_holds_a_campaign_back():
    world = make_world(min_gap=DAY)
    cart = left_behind(world, "ada")
    first, second = campaign(world, "First"), campaign(world, "Second")
    world.run()
    assert len(world.channel.mails) == 1
    assert sorted(fates(first) + fates(second)) == [("planned", "cap"), ("sent", "due")]
    world.run(T0 + DAY)
    assert len(world.channel.mails) == 2
    assert cart.state == "abandoned"


def test_budget_ends_in_the_middle():
    world = make_world()
    for number in range(5):
        left_behind(world, f"p{number}")
    one = campaign(world, more="budget: {max_messages: 3}")
    world.run()
    assert len(customers(world)) == 3
    one = fresh(one)
    assert (one.state, one.paused_kind, one.used_messages) == ("paused", "budget", 3)
    assert OwnerNotice.objects.get().kind == "campaign"
    life.set_budget(one, life.Limits(4, None), now=world.now)
    life.resume(one, now=T0 + MINUTE)
    world.run(T0 + MINUTE)
    assert len(customers(world)) == 4
    assert fresh(one).state == "paused"


def test_decisions_are_told():
    world = make_world()
    left_behind(world, "ada", consent_email="unknown")
    campaign(world)
    world.run()
    told = Decision.objects.values_list("origin_kind", "step", "channel", "outcome", "reason")
    assert list(told) == [("campaign", "campaign", "email", "skipped", "no_consent")]
