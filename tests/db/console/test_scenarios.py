"""SCN-11, SCN-12, CAP-8: the scenario room."""

import re

import msgspec
import pytest
from django.urls import reverse

from ripresa.domain.messages.models import Decision, Message, MessageLink
from ripresa.domain.scenarios.models import Recovery, Scenario, ScenarioVersion
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.usecases.reporting.keeping import rebuild
from ripresa.usecases.scenarios.publish_scenario import check_scenario
from tests.db.console.pages import part, text_of
from tests.rows import DAY, HOUR, T0, make_cart, make_link, make_scenario


def go(name: str, scenario: Scenario) -> str:
    return reverse(name, args=["wines", scenario.id])


def state_of(scenario: Scenario) -> str:
    return Scenario.objects.get(shop_id=scenario.shop_id, id=scenario.id).state


def test_the_list_says_state_and_runs(world, ada):
    text = text_of(ada.get(reverse("scenarios", args=["wines"])))
    assert "Left at the checkout Draft" in text
    assert "Left in the cart Live Waiting: 0 Under way: 1 Done: 0 First live: 31 Oct, 16:00" in text


def test_the_plan_is_told_as_a_line_of_time(world, ada):
    plan = part(ada.get(go("scenario", world.scenario)), "The plan")
    told = ["A cart is left behind", "Taken up 1 day after the last activity. Message 1",
            "at once when taken up · text “Reminder with the cart”", "Message 2 2 days after the step before",
            "Message 3 7 days after the step before", "The person buys"]  # fmt: skip
    places = [plan.index(each) for each in told]
    assert places == sorted(places)


def test_figures_per_step_with_reasons(world, ada):
    plan = part(ada.get(go("scenario", world.scenario)), "The plan")
    assert "E-mail Planned 1 Sent 2 Not sent 0 Cancelled 0" in plan
    assert "Planned 1 Sent 0 Not sent 0 Cancelled 2" in plan
    assert "1 The person ordered." in plan
    assert "1 The person unsubscribed." in plan


def test_each_step_says_what_it_brought(world, ada):
    assert "Opened" not in part(ada.get(go("scenario", world.scenario)), "The plan")
    make_link(world.sent, "restore", "t", expires_at=T0)
    MessageLink.objects.update(used_at=T0 - 7.5 * DAY)  # and a day and a half later Ben bought
    rebuild(shop_id=world.shop.id, now=T0)
    first, later = part(ada.get(go("scenario", world.scenario)), "The plan").split(" Message 2 ", 1)
    assert re.search(r"Opened.*? 0 Clicked.*? 1 Orders.*? 1 Revenue.*? €90\.00", first)
    assert "Clicked" not in later
    long_ago = ada.get(go("scenario", world.scenario), {"days": "7"})
    assert "€90.00" in part(long_ago, "The plan")


def test_figures_are_of_the_chosen_days(world, ada):
    # Cleo's and Ben's first messages are 5 and 7 days old.
    Message.objects.filter(id=world.sent.id).update(planned_for=T0 - 8 * DAY)
    week = part(ada.get(go("scenario", world.scenario), {"days": "7"}), "The plan")
    assert "E-mail Planned 1 Sent 1" in week
    assert ada.get(go("scenario", world.scenario), {"days": "x"}).status_code == 200


@pytest.mark.parametrize(("channel", "said"), [("email", False), ("sms", True), ("letter", True)])
def test_what_reaches_nobody_says_so(world, ada, channel, said):
    step = f"  - {{id: first, after: 0h, send: [{channel}], template: reminder}}\n"
    plan = check_scenario(f"version: 1\nname: N\nsteps:\n{step}", file_name="n", shop=world.shop)
    ScenarioVersion.objects.filter(shop=world.shop, id=world.scenario.version_id).update(
        plan=msgspec.to_builtins(plan)
    )
    plan_of.cache_clear()
    text = text_of(ada.get(go("scenario", world.scenario)))
    plan_of.cache_clear()
    assert ("are recorded and reach nobody" in text) is said


def test_guards_and_file_are_shown(world, ada):
    answer = ada.get(go("scenario", world.scenario))
    guards = part(answer, "Guards")
    for text in ("Legal basis Consent for the channel", "Not more often than 1 day",
                 "Not after an order, for 7 days", "Hours for E-mail 09:00–20:00, recipient's zone",
                 "Too late after 3 days", "Sender Ada's Wines <ciao@wines.test>"):  # fmt: skip
        assert text in guards
    assert "{id: second, after: 2d, send: [email], template: second_reminder}" in part(
        answer, "As a file"
    )


def test_branches_and_for_whom_they_are(world, ada):
    version = ScenarioVersion.objects.get(shop=world.shop, id=world.draft.version_id)
    plan = check_scenario(
        """\
version: 1
name: Left at the checkout
audience: {customers: inactive, segment: VIP}
holdout: 0.125
languages: {mode: multi, default: it, list: [it, en]}
branches:
  - name: small
    when: {cart_value: {lt: "2000.00"}}
    steps: [{id: one, after: 0h, send: [email], template: reminder}]
  - name: large
    steps:
      - {id: tell, after: 0h, notify: agent}
      - {id: late, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email], template: reminder}
""",
        file_name="x.yaml",
    )
    version.plan = msgspec.to_builtins(plan)
    version.save()
    answer = ada.get(go("scenario", world.draft))
    told = ["Branch small Cart value less than €2,000.00", "Message 1 at once when taken up",
            "Branch large Everyone else", "Notice to the agent at once when taken up", "Agent Planned 0",
            "only if Stage of the deal is Check out abandoned"]  # fmt: skip
    line = part(answer, "The plan")
    places = [line.index(each) for each in told]
    assert places == sorted(places)
    guards = part(answer, "Guards")
    for text in ("Legal basis By the law of her country", "Languages Italiano, English", "Held out 12.5%",
                 "Audience People who bought, but not for 3 months", "Segment VIP"):  # fmt: skip
        assert text in guards
    assert "Hours for SMS" not in guards


def test_says_how_many_finish_on_an_earlier_version(world, ada):
    old = ScenarioVersion.objects.get(shop=world.shop, id=world.scenario.version_id)
    ScenarioVersion.objects.create(
        shop=world.shop, id=world.ben.id, scenario_id=world.scenario.id, number=2, text=old.text,
        plan=old.plan, created_at=T0,
    )  # fmt: skip
    Scenario.objects.filter(id=world.scenario.id).update(version_id=world.ben.id)
    text = text_of(ada.get(go("scenario", world.scenario)))
    assert "1 recovery under way finishes on an earlier version." in text
    assert "version 2" in text


class TestGoingLive:
    def test_shows_first_whom_it_would_reach(self, world, ada):
        # Ben has one cart under way elsewhere; Cleo's stands abandoned and free.
        text = text_of(ada.get(go("scenario-activate", world.draft)))
        assert "1 cart is left behind already." in text
        assert "write to up to 1 person" in text
        assert state_of(world.draft) == "draft"

    def test_leaves_them_alone_unless_told(self, world, ada):
        answer = ada.post(go("scenario-activate", world.draft), {"existing": "no"}, follow=True)
        assert "Live. Carts that are left from now on are taken up." in text_of(answer)
        assert state_of(world.draft) == "live"
        run = Recovery.objects.get(scenario_id=world.draft.id, cart_id=world.cleo_cart.id)
        assert (run.state, run.reason) == ("skipped", "before_activation")
        assert Decision.objects.filter(origin_id=run.id, reason="before_activation").exists()

    def test_takes_them_along_if_told(self, world, ada):
        answer = ada.post(go("scenario-activate", world.draft), {"existing": "yes"}, follow=True)
        assert "Live. 1 cart left before is taken along." in text_of(answer)
        run = Recovery.objects.get(scenario_id=world.draft.id, cart_id=world.cleo_cart.id)
        assert run.state == "waiting"

    def test_twice_changes_nothing(self, world, ada):
        ada.post(go("scenario-activate", world.draft))
        answer = ada.post(go("scenario-activate", world.draft), follow=True)
        assert "It is not a draft any more; nothing was changed." in text_of(answer)

    def test_with_nobody_to_reach_says_so(self, world, dan):
        draft = make_scenario(world.other_shop, "Bikes", "draft")
        world.dans_cart.state = "ordered"
        world.dans_cart.save()
        answer = dan.get(reverse("scenario-activate", args=["bikes", draft.id]))
        assert "nobody is reached at once" in text_of(answer)


class TestPausing:
    def test_asks_then_pauses_with_the_reason(self, world, ada):
        assert "Nothing planned is lost" in text_of(ada.get(go("scenario-pause", world.scenario)))
        assert state_of(world.scenario) == "live"
        answer = ada.post(
            go("scenario-pause", world.scenario), {"why": "stock\x00 taking"}, follow=True
        )
        assert state_of(world.scenario) == "paused"
        assert "Paused · stock taking" in text_of(answer)

    def test_resuming_says_how_much_waits_and_lets_it_go(self, world, ada):
        ada.post(go("scenario-pause", world.scenario))
        held = Message.objects.filter(cart_id=world.ben_cart.id, step="first")
        held.update(reason="paused", due_at=T0 + DAY)
        text = text_of(ada.get(go("scenario-resume", world.scenario)))
        assert "1 message was held meanwhile" in text
        ada.post(go("scenario-resume", world.scenario))
        assert state_of(world.scenario) == "live"
        assert held.get().due_at == T0

    @pytest.mark.parametrize("action", ["scenario-pause", "scenario-resume"])
    def test_what_is_not_possible_changes_nothing(self, action, world, ada):
        answer = ada.post(go(action, world.draft), follow=True)
        assert "nothing was changed" in text_of(answer)
        assert state_of(world.draft) == "draft"

    def test_dan_can_do_none_of_it(self, world, dan):
        for action in ("scenario-activate", "scenario-pause", "scenario-resume"):
            dan.post(go(action, world.scenario))
            dan.post(reverse(action, args=["bikes", world.scenario.id]))
            dan.post(reverse(action, args=["bikes", world.draft.id]))
        assert state_of(world.scenario) == "live"
        assert state_of(world.draft) == "draft"


def test_buttons_fit_the_state(world, ada, vera):
    live = ada.get(go("scenario", world.scenario)).content.decode()
    assert go("scenario-pause", world.scenario) in live
    assert go("scenario-activate", world.scenario) not in live
    assert (
        go("scenario-activate", world.draft)
        in ada.get(go("scenario", world.draft)).content.decode()
    )
    assert "Pause" not in text_of(vera.get(go("scenario", world.scenario)))


def test_an_old_cart_is_not_counted_as_reach_when_someone_else_has_it(world, ada):
    make_cart(world.shop, world.ben, left_at=T0 - 3 * HOUR, is_bot=True)
    assert "1 cart is left behind already." in text_of(
        ada.get(go("scenario-activate", world.draft))
    )
