"""The wizard writes a scenario file (SCN-18): each step saves itself, Review leads to what blocks."""

import re

import pytest
from django.test import Client

from ripresa.core.clock import WALL
from ripresa.domain.carts.models import Cart
from ripresa.domain.coupons.pools import create_pool
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.models import (
    ArmAssignment,
    Scenario,
    ScenarioDraft,
    ScenarioReplay,
    ScenarioVersion,
)
from ripresa.usecases.replay import asked
from ripresa.usecases.scenarios.publish_scenario import check_scenario
from tests.db.console.pages import part, text_of
from tests.rows import T0
from tests.world import World

HTMX = {"HX-Request": "true"}


class Wizard:
    """Ada at one draft."""

    def __init__(self, client: Client, draft_id) -> None:
        self.client = client
        self.base = f"/wines/scenarios/drafts/{draft_id}"
        self.id = draft_id

    @property
    def text(self) -> str:
        return ScenarioDraft.objects.get(id=self.id).text

    def get(self, step: str, **asked):
        return self.client.get(f"{self.base}/{step}/", asked)

    def fields(self, step: str) -> dict[str, str]:
        """What the form of a step would send as it stands."""
        page = self.get(step).content.decode()
        form = page[page.index("wizard-form") : page.index("</form>", page.index("wizard-form"))]
        sent = {}
        for tag in re.findall(r"<input\b[^>]*>", form):
            said = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
            if said.get("type") in {"checkbox", "radio"} and " checked" not in tag:
                continue
            if "name" in said:
                sent[said["name"]] = said.get("value", "")
        for select in re.findall(r"<select\b.*?</select>", form, re.DOTALL):
            name = re.search(r'name="([^"]+)"', select)
            chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', select)
            first = re.search(r'<option(?: value="([^"]*)")?>([^<]*)', select)
            assert name
            found = chosen or first
            sent[name[1]] = (found[1] if found[1] is not None else found[2]) if found else ""
        sent.pop("csrfmiddlewaretoken", None)
        return sent

    def save(self, step: str, do: str = "save", headers=None, **typed):
        sent = {**self.fields(step), **typed, "do": do}
        chosen = {name: value for name, value in sent.items() if value is not None}
        return self.client.post(f"{self.base}/{step}/", chosen, headers=headers or {})


@pytest.fixture
def begun(world: World, ada: Client) -> Wizard:
    answer = ada.post("/wines/scenarios/new/", {"preset": "three_reminders"})
    return Wizard(ada, answer.headers["Location"].split("/")[4])


def test_a_preset_is_right_from_the_start_in_the_shops_language(begun, world):
    plan = check_scenario(begun.text, file_name="x", shop=world.shop)
    assert plan.languages == ("it",)
    assert plan.name == "Left in the cart 2"  # the first one is taken
    assert plan.sender is not None
    assert plan.sender.stored == "ciao@wines.test"


def test_saving_every_step_as_it_stands_changes_nothing(begun, world):
    file = begun.text
    before = check_scenario(file, file_name="x", shop=world.shop)
    for step in ("start", "adjust", "language", "sender", "design", "coupons"):
        assert begun.save(step).status_code == 302, step
        assert begun.text == file, step
    assert check_scenario(begun.text, file_name="x", shop=world.shop) == before


def test_a_file_of_codes_for_a_message_is_one_click_away(begun):
    """CPN-1: whoever has no pool yet is led to where a file makes one."""
    page = begun.get("coupons").content.decode()
    step = page[page.index("draft-form") :]
    assert '<a href="/wines/coupons/">' in step


def test_what_is_typed_stands_in_the_file(begun, world):
    create_pool(shop_id=world.shop.id, name="back10", code="BACK10", now=T0)
    begun.save("start", name="Come again")
    begun.save("adjust", idle="90", **{"idle-unit": "m"}, on="checkout", customers="inactive",
               inactive_for="6", **{"inactive_for-unit": "mo"}, gap="2", **{"gap-unit": "d"},
               holdout="7,5", sms_from="10:00", b0s1_sms="yes", stop_reply="yes",
               b0s2_after="36", **{"b0s2_after-unit": "h"})  # fmt: skip
    begun.save("language", mode="multi", default="ro", speak_en="yes")
    begun.save("sender", sender="written-out", name="Ada", email="ada@wines.test", b0s0_agent="yes")
    begun.save("design", b0s2_template="second_reminder")
    begun.save("coupons", b0s2_coupon="pool:back10", b0s2_valid="48", **{"b0s2_valid-unit": "h"})
    plan = check_scenario(begun.text, file_name="x", shop=world.shop)
    assert (plan.name, plan.trigger, str(plan.idle)) == ("Come again", "checkout", "1h30m")
    assert (plan.audience.customers, str(plan.audience.inactive_for)) == ("inactive", "6mo")
    assert (str(plan.not_more_often_than), plan.holdout, plan.stop_on) == ("2d", 750, ("reply",))
    assert plan.quiet_hours["sms"].start == 600
    assert (plan.language, set(plan.languages)) == ("ro", {"ro", "en", "it"})
    assert (plan.sender.name, plan.sender.email) == ("Ada", "ada@wines.test")
    first, second, last = plan.branches[0].steps
    assert (first.by_agent, second.by_agent) == (True, False)
    assert set(second.channels) == {"email", "sms"}
    assert (str(last.after), last.template) == ("1d12h", "second_reminder")
    assert (last.coupon.pool, str(last.coupon.valid_for)) == ("back10", "2d")


def test_a_code_made_in_the_shop_is_worth_per_cent_or_a_sum(begun, world):
    both = begun.save("coupons", b0s2_coupon="mint", b0s2_percent="10", b0s2_sum="7,50")
    assert both.status_code == 422
    assert "Either per cent, or a sum like 5.00." in text_of(both)
    begun.save("coupons", b0s2_coupon="mint", b0s2_percent="", b0s2_sum="7,50")
    # No shop is connected that could make such codes: what is left to do says so.
    with pytest.raises(ScenarioInvalid, match="no connected shop makes coupons over a sum"):
        check_scenario(begun.text, file_name="x", shop=world.shop)
    plan = check_scenario(begun.text, file_name="x")
    assert str(plan.branches[0].steps[2].coupon.worth) == "7.50 EUR"
    begun.save("coupons", b0s2_sum="", b0s2_percent="12.5")
    plan = check_scenario(begun.text, file_name="x", shop=world.shop)
    assert str(plan.branches[0].steps[2].coupon.worth) == "12.5 %"


def test_steps_come_go_and_move(begun, world):
    begun.save("adjust", do="add b0")
    begun.save("adjust", do="earlier b0s3")
    begun.save("adjust", do="remove b0s0")
    begun.save("adjust", do="add b0")
    begun.save("adjust", do="add b0")  # the fifth is one too many
    steps = check_scenario(begun.text, file_name="x", shop=world.shop).branches[0].steps
    assert [step.id for step in steps] == ["second", "fourth", "last", "fifth"]


def test_what_is_wrong_is_told_and_the_rest_is_kept(begun):
    answer = begun.save("adjust", idle="soon", gap="3", holdout="200")
    assert answer.status_code == 422
    assert 'value="soon"' in answer.content.decode()
    assert "A number from 0 to 100." in text_of(answer)
    assert "not_more_often_than: 3d" in begun.text
    assert "soon" not in begun.text


def test_a_browser_saves_by_itself_and_hears_what_is_open(begun):
    answer = begun.save("adjust", headers=HTMX, idle="5")
    assert answer.status_code == 200
    assert "idle: 5h" in begun.text
    assert "priority" not in begun.text
    assert b"<html" not in answer.content
    assert "Saved today" in text_of(answer)
    wrong = begun.save("adjust", headers=HTMX, b0s0_email=None)
    assert wrong.status_code == 422
    assert "Choose at least one channel." in text_of(wrong)


def test_review_names_what_blocks_and_where_and_publishing_waits_for_it(begun, world):
    begun.save("design", b0s0_template="agent_notice")
    begun.save("sender", sender="nobody@wines.test")
    blockers = begun.get("review").content.decode()
    assert f'href="{begun.base}/design/"' in blockers
    assert "does not fit email" in part(begun.get("review"), "What still blocks")
    assert "there is no stored sender" in part(begun.get("review"), "What still blocks")
    begun.client.post(f"{begun.base}/publish/")
    assert Scenario.objects.filter(shop=world.shop).count() == 2


def test_publishing_makes_a_draft_scenario_and_leads_to_its_switch(begun, world):
    begun.save("start", name="Come again")
    listed = text_of(begun.client.get("/wines/scenarios/"))
    assert "Come again ada@wines.test" in listed[listed.index("Drafts begun") :]
    answer = begun.client.post(f"{begun.base}/publish/")
    made = Scenario.objects.get(shop=world.shop, name="Come again")
    assert answer.headers["Location"] == f"/wines/scenarios/{made.id}/activate/"
    assert made.state == "draft"
    assert "Also live: Left in the cart" in text_of(begun.client.get(answer.headers["Location"]))
    assert not ScenarioDraft.objects.filter(id=begun.id).exists()
    back = begun.client.get(f"{begun.base}/review/")  # by the browser's button
    assert back.status_code == 404
    assert "It was published, or dropped." in text_of(back)


def test_editing_a_scenario_makes_its_next_version_and_tells_the_difference(world, ada):
    page = f"/wines/scenarios/{world.scenario.id}"
    first = ada.post(f"{page}/edit/").headers["Location"]
    assert ada.post(f"{page}/edit/").headers["Location"] == first  # one draft for each scenario
    wizard = Wizard(ada, first.split("/")[4])
    assert "not published yet" in text_of(ada.get(f"{page}/"))
    assert wizard.save("start", name="Another").status_code == 302
    assert "a scenario keeps its name" in text_of(wizard.get("review"))
    wizard.save("start", name="Left in the cart")
    wizard.save("adjust", idle="3", **{"idle-unit": "h"})
    wizard.client.post(f"{wizard.base}/publish/")
    versions = text_of(ada.get(f"{page}/versions/"))
    assert "trigger.idle 1d 3h" in versions
    assert ScenarioVersion.objects.filter(scenario_id=world.scenario.id).count() == 2
    taken = ada.get(f"{page}/versions/2.yaml")
    assert "attachment" in taken.headers["Content-Disposition"]
    assert b"idle: 3h" in taken.content


def test_a_file_becomes_a_draft_right_or_wrong(world, ada):
    answer = ada.post("/wines/scenarios/new/", {"text": "version: 1\nname: X\nsteps: []\n"})
    review = answer.headers["Location"]
    assert "must hold at least one step" in text_of(ada.get(review))
    broken = ada.post("/wines/scenarios/new/", {"text": "a: [b"})
    assert broken.status_code == 422
    assert "a: [b" in text_of(broken)
    # What is wrong is told in the reader's language, on each of these pages.
    ada.cookies["django_language"] = "de"
    assert "muss mindestens einen Schritt enthalten" in text_of(ada.get(review))
    for page in (
        "/wines/scenarios/new/",
        "/wines/campaigns/new/",
        review.replace("review", "file"),
    ):
        assert "ist kein YAML" in text_of(ada.post(page, {"text": "a: [b"})), page


def test_a_draft_is_replayed_in_the_background_and_found_again(begun, world):
    page = f"{begun.base}/replay/"
    asked_for = text_of(begun.client.post(page, {"days": "90"}, headers=HTMX))
    assert "Over the last 90 days, asked by ada@wines.test" in asked_for
    assert "you may leave and find it again" in asked_for
    one = ScenarioReplay.objects.get(shop=world.shop)
    found = f"/wines/scenarios/replays/{one.id}/"
    assert f'href="{found}"' in begun.client.get("/wines/work/").content.decode()
    assert found in begun.get("review").content.decode()  # it asks how far it is
    came = {
        "carts": 3,
        "people": 2,
        "coupons": 0,
        "sent": {"email": 2, "sms": 3},
        "outcomes": {},
        "cost": {"sms": "0.21"},
    }
    ScenarioReplay.objects.update(state="done", result=came, ended_at=T0)
    seen = text_of(begun.get("review"))
    assert "This is what would have come of it: Carts" in seen
    assert "SMS 3 · €0.21" in seen
    assert begun.client.post(f"{begun.base}/drop/").status_code == 302
    assert "This is what would have come of it: Carts" in text_of(begun.client.get(found))


def test_a_replay_that_can_not_be_is_refused(begun, world, monkeypatch):
    page = f"{begun.base}/replay/"
    strange = begun.client.post(page, {"days": "x"}, headers=HTMX)
    assert (strange.status_code, "Choose how far back." in text_of(strange)) == (422, True)
    monkeypatch.setattr(asked, "MOST_CARTS", -1)
    many = begun.client.post(page, {"days": "30"}, headers=HTMX)
    assert "choose fewer days" in text_of(many)
    assert begun.client.post(page, {"days": "30"}).headers["Location"] == f"{begun.base}/review/"


def test_a_draft_is_tried_with_a_customer_and_nothing_is_kept(begun, world):
    made_up = text_of(begun.client.get(f"{begun.base}/try/", headers=HTMX))
    assert "Nothing was sent. This is what Ada Rossi, made up" in made_up
    assert "Sent Message 1 · E-mail" in made_up
    hers = begun.client.get(f"{begun.base}/try/", {"who": "ben@mail.test"}, headers=HTMX)
    assert "what ben@mail.test would have got" in text_of(hers)
    nobody = begun.client.get(f"{begun.base}/try/", {"who": "nobody@x.test"}, headers=HTMX)
    assert "No cart of such a person is known." in text_of(nobody)
    assert Scenario.objects.filter(shop=world.shop).count() == 2


def test_branches_of_a_file_stay_and_their_limit_can_be_set(world, ada):
    answer = ada.post("/wines/scenarios/new/", {"preset": "agent_first"})
    wizard = Wizard(ada, answer.headers["Location"].split("/")[4])
    assert "Branch small" in text_of(wizard.get("adjust"))
    wizard.save("adjust", b0_limit="500.00", b0s0_after="1")
    plan = check_scenario(wizard.text, file_name="x", shop=world.shop)
    assert plan.branches[0].when.value.minor == 50_000
    assert plan.branches[1].steps[0].is_notice


def test_a_branch_is_made_asked_and_kept_as_its_file_has_it(begun, world):
    """SCN-7: conditions by rows; what rows can't show stays byte for byte."""
    made = begun.save("adjust", do="branch")
    assert made.headers["Location"] == f"{begun.base}/conditions/b0/"
    Cart.objects.filter(abandoned_at__isnull=False).update(abandoned_at=WALL.now())
    place = f"{begun.base}/conditions/b0/"
    rows = {"0:kind": "all", "0-0:kind": "row", "0-0:field": "cart_value", "0-0:op1": "gte",
            "0-0:amount1": "250,00", "0-1:kind": "row", "0-1:field": "country", "0-1:op": "in",
            "0-1:value": "IT, SM"}  # fmt: skip
    shaped = begun.client.post(place, {**rows, "do": "add 0"}, headers=HTMX)
    assert shaped.content.count(b":field") == 3
    assert "As soon as every condition is complete" in text_of(shaped)
    counted = text_of(begun.client.post(place, rows, headers=HTMX))
    assert "How many would take it 0 of 4 carts that the scenario is for" in counted
    assert "large 0 everyone 4" in counted
    wrong = begun.client.post(place, {**rows, "0-0:amount1": "much", "do": "save", "name": ""})
    assert (wrong.status_code, "A value looks like 49.90." in text_of(wrong)) == (422, True)
    assert "It needs a name." in text_of(wrong)
    begun.client.post(place, {**rows, "do": "save", "name": "large"})
    assert 'when: {cart_value: {gte: "250.00"}, country: {in: [IT, SM]}}' in begun.text
    large, everyone = check_scenario(begun.text, file_name="x", shop=world.shop).branches
    assert (large.name, everyone.name, len(everyone.steps)) == ("large", "everyone", 3)
    adjust = text_of(begun.get("adjust"))
    assert "Branch large Cart value at least €250.00, and Country is one of IT, SM" in adjust
    assert "It is for 4 of 4 carts that were left behind" in text_of(begun.get("takers"))
    # Only the step: asked when it is sent, and for everyone again.
    step = f"{begun.base}/conditions/b1s1/"
    begun.client.post(
        step, {"0:kind": "all", "0-0:kind": "row", "0-0:field": "has_coupon", "do": "save"}
    )
    assert "only_if: {has_coupon: true}" in begun.text
    assert "only if Coupon in hand: yes" in part(begun.get("review"), "The plan")
    begun.client.post(step, {"do": "clear"})
    assert "only_if" not in begun.text
    begun.save("adjust", do="unbranch b0")
    assert "branches" not in begun.text


def test_a_condition_that_rows_cannot_show_stays_and_is_changed_in_the_file(begun):
    odd = "when: {item_count: {in: [1, 2]}, country: IT}  # small ones"
    steps = "    steps:\n      - {id: other, after: 0h, send: [email], template: reminder}\n"
    file = f"version: 1\nname: Odd\nbranches:\n  - name: odd\n    {odd}\n{steps}"
    assert begun.client.post(f"{begun.base}/file/", {"text": file}).status_code == 302
    assert begun.text == file
    place = f"{begun.base}/conditions/b0/"
    assert "says more than rows can show" in text_of(begun.client.get(place))
    begun.client.post(place, {"name": "strange", "do": "save"})
    assert begun.text == file.replace("name: odd", "name: strange")
    broken = begun.client.post(f"{begun.base}/file/", {"text": "a: [b"})
    assert (broken.status_code, "a: [b" in text_of(broken)) == (422, True)
    assert begun.text == file.replace("name: odd", "name: strange")


def test_ways_are_tried_against_each_other_and_the_better_one_is_kept(world, ada):
    """SCN-17, RPT-5: written in the draft, seen on the line of time, ended from the scenario's page."""
    create_pool(shop_id=world.shop.id, name="back10", code="BACK10", now=T0)
    page = f"/wines/scenarios/{world.scenario.id}"
    wizard = Wizard(ada, ada.post(f"{page}/edit/").headers["Location"].split("/")[4])
    wizard.client.post(f"{wizard.base}/test/", {"do": "begin"})
    before = wizard.text
    assert wizard.save("test").status_code == 302
    assert wizard.text == before
    wrong = wizard.save("test", a0_share="60", a1_name="A")
    assert "The shares are 110 per cent together" in text_of(wrong)
    assert "Two arms can’t have one name." in text_of(wrong)
    wizard.save("test", name="offer", a0_share="60", a1_share="40", a1_name="coupon",
                a1b0s0_coupon="pool:back10", a1b0s0_valid="2", **{"a1b0s0_valid-unit": "d"},
                a1b0s1_template="last_reminder", a1b0s1_after="12")  # fmt: skip
    said = "{name: coupon, share: 0.4, steps: {first: {coupon: {pool: back10, valid_for: 2d}}, second: {after: 12h, template: last_reminder}}}"
    assert said in wizard.text
    assert "“offer”: A 60% · coupon 40%" in text_of(wizard.get("adjust"))
    line = part(wizard.get("review"), "The plan")
    assert (
        "coupon 40% at once when taken up · text “Reminder with the cart” · coupon from the pool back10, valid for 2 days"
        in line
    )
    wizard.client.post(f"{wizard.base}/publish/")
    ArmAssignment.objects.create(
        shop_id=world.shop.id, scenario_id=world.scenario.id, test="offer", key="e:x", arm="A", assigned_at=T0
    )  # fmt: skip
    shown = ada.get(f"{page}/")
    assert "A 60% 1 person coupon 40% 0 people" in part(shown, "Test “offer”")
    assert (
        "12 hours after the step before · text “Last reminder with the cart” E-mail Planned 0"
        in part(shown, "The plan")
    )
    ended = ada.post(f"{page}/end-test/", {"arm": "coupon"})
    wizard = Wizard(ada, ended.headers["Location"].split("/")[4])
    plan = check_scenario(wizard.text, file_name="x", shop=world.shop)
    assert (plan.test, plan.branches[0].steps[0].coupon.pool) == (None, "back10")
    again = ada.post(f"{page}/end-test/", {"arm": "gone"})
    assert again.headers["Location"].endswith("/test/")


def test_dropping_a_draft_leaves_the_scenario(world, ada):
    where = ada.post(f"/wines/scenarios/{world.scenario.id}/edit/").headers["Location"]
    ada.post(where.replace("/adjust/", "/drop/"))
    assert not ScenarioDraft.objects.filter(scenario_id=world.scenario.id).exists()
    assert Scenario.objects.get(id=world.scenario.id).state == "live"


def test_previews_show_the_real_mail_in_a_frame_that_can_do_nothing(world, ada):
    page = ada.get("/wines/previews/reminder/email/it/")
    assert '<iframe class="mail mail-desktop"' in " ".join(page.content.decode().split())
    mail = ada.get("/wines/previews/reminder/it.html")
    assert "Barolo" in mail.content.decode()
    assert "preview.invalid" in mail.content.decode()
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in mail.headers["Content-Security-Policy"]
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "GSM-7" in text_of(ada.get("/wines/previews/reminder/sms/it/"))
    assert ada.get("/wines/previews/nothing/email/it/").status_code == 404
