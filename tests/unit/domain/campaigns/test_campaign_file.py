"""Campaign files: what they mean, and what is said of those that make no sense."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from ripresa.domain.campaigns.file.campaign_file import KEYS, Setting, parse_campaign
from ripresa.domain.campaigns.plan import Budget, CampaignPlan, Schedule, cart_wanted, narrowed
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.plan import Offer
from ripresa.domain.segments.conditions import Abandoned, All, AnyOf
from tests.architecture.tree import DOCS

LANGUAGES = frozenset({"en", "it"})
CHANNELS = {"email": LANGUAGES, "sms": LANGUAGES, "letter": LANGUAGES}
SETTING = Setting(
    Surroundings(
        {"reminder": CHANNELS, "thank_you": CHANNELS},
        pools=frozenset({"spring"}),
        segments=frozenset({"Left and not recovered"}),
    ),
    ZoneInfo("Europe/Rome"),
    taken=frozenset({"Old"}),
    speaking_of_carts=frozenset({("reminder", "email")}),
)
PLAIN = """\
version: 1
name: Letter
about: abandoned_cart
audience: {segment: Left and not recovered}
message: {send: [letter], template: reminder}
"""


def read(text):
    return parse_campaign(text, file_name="c.yaml", setting=SETTING)


def wrong(text):
    with pytest.raises(ScenarioInvalid) as caught:
        read(text)
    return caught.value.lines()


def test_a_plain_file():
    plan = read(PLAIN)
    assert (plan.name, plan.about, plan.segment, plan.condition) == (
        "Letter",
        "abandoned_cart",
        "Left and not recovered",
        None,
    )
    assert (plan.schedule, plan.budget) == (Schedule(), Budget())
    assert (plan.step.channels, plan.step.template, plan.step.coupon) == (
        ("letter",),
        "reminder",
        None,
    )
    assert plan.message.branch_named("abandoned_cart").steps == (plan.step,)
    assert plan.message.legal_basis == "by_country"
    assert msgspec.json.decode(msgspec.json.encode(plan), type=CampaignPlan) == plan


def test_everything_that_a_file_can_say():
    text = PLAIN.replace(
        "template: reminder}", "template: reminder, coupon: {pool: spring, valid_for: 30d}}"
    )
    plan = read(
        text
        + 'schedule: {mode: continuous, from: "2026-12-01 09:00", until: "2026-12-24T00:00:00Z"}\n'
        + 'budget: {max_messages: 500, max_cost: "400.00", cost: {letter: "0.95"}}\n'
        + "limits: {not_more_often_than: 7d, max_messages_per_30d: 2, not_after_order: 3d}\n"
        + "stale_after: 2d\nlegal_basis: consent\n"
    )
    assert plan.schedule == Schedule(
        "continuous",
        datetime(2026, 12, 1, 8, 0, tzinfo=UTC),
        datetime(2026, 12, 24, 0, 0, tzinfo=UTC),
    )
    assert plan.budget == Budget(500, 40_000, {"letter": 95})
    assert plan.step.coupon == Offer("spring", valid_for=Duration(seconds=30 * 86_400))
    assert plan.message.not_more_often_than == Duration(seconds=7 * 86_400)
    assert (plan.message.max_messages_per_30d, plan.message.legal_basis) == (2, "consent")


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("version: 1\n", "", "c.yaml:1: version: is missing"),
        ("name: Letter", "name: Old", "c.yaml:2: name: 'Old' has begun and can't be changed"),
        ("abandoned_cart", "abandoned", "c.yaml:3: about: can't be 'abandoned'; did you mean 'abandoned_cart'?"),
        ("Left and not", "Left but not", "c.yaml:4: audience.segment: there is no segment 'Left but not recovered'; did you"),
        ("{segment: Left and not recovered}", "{}", "c.yaml:4: audience: must have either segment: NAME or when:"),
        ("send: [letter]", "send: [leter]", "c.yaml:5: message.send[0]: can't be 'leter'; did you mean 'letter'?"),
        ("template: reminder", "template: remainder", "c.yaml:5: message.template: there is no template 'remainder'"),
        ("audience:", "audiense:", "c.yaml:4: audiense: unknown key; did you mean 'audience'?"),
        ("message: {send: [letter], template: reminder}", "message: {send: [letter]}", "c.yaml:5: message: has no template"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_and_field(line, instead, said):
    assert any(each.startswith(said) for each in wrong(PLAIN.replace(line, instead)))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("schedule: {until: 2026-12-01}", "schedule.until: has no place here: this one goes once"),
        ("schedule: {from: tomorrow}", "schedule.from: 'tomorrow' is no date and time"),
        ("schedule: {mode: continuous, from: 2026-12-02, until: 2026-12-01}", "schedule.until: is not after from"),
        ("budget: {}", "budget: needs max_messages or max_cost"),
        ('budget: {max_cost: "10.00"}', "budget.max_cost: needs to know what one costs"),
        ('budget: {max_cost: "10.00", cost: {sms: "0.07"}}', "budget.max_cost: needs to know what one costs"),
        ('budget: {max_cost: "10.001", cost: {letter: "1"}}', "budget.max_cost: '10.001' has more decimals than EUR"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_together(more, said):
    [told] = wrong(PLAIN + more)
    assert said in told


def test_what_the_documents_show_is_sound():
    pages = (DOCS / "reference" / "campaign-file.md", DOCS / "how-to" / "send-a-campaign.md")
    for page in pages:
        text = page.read_text(encoding="utf-8")
        examples = re.findall(r"^( *)```yaml\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
        assert len(examples) == 1
        for indent, example in examples:
            read(example.replace(f"\n{indent}", "\n").removeprefix(indent))


def test_every_key_is_told():
    text = (DOCS / "reference" / "campaign-file.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([a-z_]+)[`.]", "".join(re.findall(r"^\| .*?\|", text, re.MULTILINE))))
    assert set(KEYS) - told == set()


def test_a_thank_you_goes_after_an_order():
    text = PLAIN.replace("abandoned_cart", "thank_you") + "limits: {not_after_order: 7d}\n"
    assert "limits.not_after_order: has no place here" in wrong(text)[0]


def test_what_is_about_no_cart_must_not_speak_of_one():
    text = PLAIN.replace("abandoned_cart", "none")
    read(text)  # a letter with this template names no cart
    assert (
        "message: template 'reminder' speaks of a cart by email"
        in wrong(text.replace("[letter]", "[email]"))[0]
    )


def test_the_audience_is_narrowed_to_those_with_such_a_cart():
    asked = All((AnyOf(()), Abandoned("any", skus=("A1",), count=(("gte", 2),))))
    wanted = Abandoned("not_recovered", skus=("A1",))
    assert cart_wanted("abandoned_cart", asked) == wanted
    assert narrowed("abandoned_cart", asked) == All((asked, wanted))
    assert cart_wanted("thank_you", asked) == Abandoned("recovered", skus=("A1",))
    assert narrowed("none", asked) == asked
