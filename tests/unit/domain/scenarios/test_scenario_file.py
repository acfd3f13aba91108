"""The contract of scenario files: what is read, and how what is wrong is told."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.file.scenario_file import parse_scenario
from ripresa.domain.scenarios.file.steps_of_file import Surroundings
from ripresa.domain.scenarios.plan import (
    Branch,
    Plan,
    SenderName,
    Step,
    Window,
    dump_plan,
    load_plan,
)

AROUND = Surroundings(
    templates={
        "reminder": frozenset({"en", "it"}),
        "last_reminder": frozenset({"en", "it"}),
        "agent_reminder": frozenset({"it"}),
    }
)
HOUR = 3600
SHORTEST = """\
version: 1
name: Short
steps:
  - {id: first, after: 0h, send: [email], template: reminder}
"""


def parse(text, around=AROUND):
    return parse_scenario(text, file_name="cart.yaml", around=around)


def problems(text, around=AROUND):
    with pytest.raises(ScenarioInvalid) as caught:
        parse(text, around)
    return caught.value.lines()


def test_a_whole_file():
    plan = parse("""\
version: 1
name: Left in the cart
trigger: {on: checkout, idle: 1d12h}
audience: {customers: all}
legal_basis: any
priority: -5
stale_after: 48h
limits: {not_more_often_than: 24h, not_after_order: 1mo, max_messages_per_30d: 8}
quiet_hours:
  email: {from: "22:00", until: "06:30", zone: Europe/Rome}
  sms: {from: 09:00, until: 20:00}
languages: {mode: single, default: it}
sender: {name: Bottega, email: ciao@bottega.test, reply_to: aiuto@bottega.test}
on_reabandon: ignore
on_second_cart: each
branches:
  - name: everyone here
    steps:
      - {id: first, after: 0h, send: [email], template: reminder}
      - {id: second, after: 2d, from: left, send: [email], template: agent_reminder, sender: agent}
""")
    assert plan == Plan(
        name="Left in the cart",
        language="it",
        languages=("it",),
        branches=(
            Branch(
                "everyone here",
                (
                    Step("first", Duration(), "abandoned", ("email",), "reminder"),
                    Step(
                        "second", Duration(0, 48 * HOUR), "left", ("email",), "agent_reminder", True
                    ),
                ),
            ),
        ),
        trigger="checkout",
        idle=Duration(0, 36 * HOUR),
        legal_basis="any",
        priority=-5,
        stale_after=Duration(0, 48 * HOUR),
        not_more_often_than=Duration(0, 24 * HOUR),
        not_after_order=Duration(1, 0),
        max_messages_per_30d=8,
        quiet_hours={
            "email": Window(22 * 60, 6 * 60 + 30, "Europe/Rome"),
            "sms": Window(9 * 60, 20 * 60),
        },
        sender=SenderName("Bottega", "ciao@bottega.test", "aiuto@bottega.test"),
        on_reabandon="ignore",
        on_second_cart="each",
    )
    assert load_plan(dump_plan(plan)) == plan


def test_what_is_left_out_has_the_contract_s_value():
    plan = parse(SHORTEST)
    assert (plan.trigger, plan.idle, plan.priority) == ("cart", Duration(0, 24 * HOUR), 50)
    assert plan.stale_after == Duration(0, 72 * HOUR)
    assert (plan.legal_basis, plan.language, plan.sender) == ("consent", "en", None)
    assert (plan.on_reabandon, plan.on_second_cart) == ("restart", "newest")
    assert plan.branches[0].steps[0].base == "abandoned"


def test_words_that_yaml_1_1_took_for_yes_and_no_stay_words():
    assert parse(SHORTEST.replace("name: Short", "name: no")).name == "no"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("holdout: 0.10", "4: holdout: not supported yet"),
        ("stop_on: [reply]", "4: stop_on: not supported yet"),
        ("audience: {customers: new}", "4: audience.customers: 'new' is not supported yet; now: all"),
        ("audience: {segment: VIP}", "4: audience.segment: not supported yet"),
        ("legal_basis: by_country", "4: legal_basis: 'by_country' is not supported yet; now: consent, any"),
        ("languages: {default: it, list: [it, en]}", "4: languages.list: more than one language is not supported yet"),
        ("languages: {default: it, list: [en]}", "4: languages.default: must be one of languages.list"),
        ("languages: {mode: single}", "4: languages: names no language; write default: it"),
        ("triger: {on: cart}", "4: triger: unknown key; did you mean 'trigger'?"),
        ("trigger: {on: basket}", "4: trigger.on: can't be 'basket'; known here: cart, checkout, any"),
        ("trigger: {on: chekout}", "4: trigger.on: can't be 'chekout'; did you mean 'checkout'?"),
        ("trigger: {idle: 24}", "4: trigger.idle: '24' is no duration; write it like 90m, 24h, 2d, 1d12h or 3mo"),
        ("priority: high", "4: priority: must be a whole number from -1000000 to 1000000"),
        ("priority: 1.5", "4: priority: must be a whole number from -1000000 to 1000000"),
        ("limits: {max_messages_per_30d: 0}", "4: limits.max_messages_per_30d: must be a whole number from 1 to 1000"),
        ("limits: 3", "4: limits: must be a mapping with not_more_often_than, not_after_order, max_messages_per_30d"),
        ("quiet_hours: {email: {from: '09:00'}}", "4: quiet_hours.email: has no until; write it like {from: '09:00', until: '20:00'}"),
        ("quiet_hours: {email: {from: '9', until: '20:00'}}", "4: quiet_hours.email.from: '9' is no time of day; write it like '09:00'"),
        ("quiet_hours: {email: {from: '09:00', until: '09:00'}}", "4: quiet_hours.email: from and until are the same: leave the channel out to send at any hour"),
        ("quiet_hours: {sms: {from: '09:00', until: '20:00', zone: Europe/Roma}}", "4: quiet_hours.sms.zone: is no time zone; did you mean 'Europe/Rome'?"),
        ("quiet_hours: {pigeon: {from: '09:00', until: '20:00'}}", "4: quiet_hours.pigeon: unknown key; known here: email, sms, letter"),
        ("sender: {name: Shop}", "4: sender: has no email"),
        ("sender: {email: shop at example}", "4: sender.email: 'shop at example' is no e-mail address"),
        ("name: Again", "4: name: stands here twice, first on line 2"),
        ("on_reabandon: restrat", "4: on_reabandon: can't be 'restrat'; did you mean 'restart'?"),
    ],
)  # fmt: skip
def test_each_error_names_file_line_field_and_the_nearest_right_word(line, told):
    text = SHORTEST.replace("steps:", f"\n{line}\nsteps:")
    assert problems(text) == [f"cart.yaml:{told}"]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("{id: a, after: 0h, send: [email]}", "steps[0]: has no template"),
        ("{id: a, after: 0h, send: [sms], template: reminder}", "steps[0].send[0]: 'sms' is not supported yet; now: email"),
        ("{id: a, after: 0h, send: [], template: reminder}", "steps[0].send: must be a list of channels, like [email]"),
        ("{id: a, after: 0h, send: [email], template: remindr}", "steps[0].template: there is no template 'remindr'; did you mean 'reminder'?"),
        ("{id: a, after: 0h, send: [email], template: agent_reminder}", "steps[0].template: template 'agent_reminder' has no text in language 'en'; it has: it"),
        ("{id: a, after: 0h, from: previous, send: [email], template: reminder}", "steps[0].from: can't be 'previous': this is the first step"),
        ("{id: a, after: 0h, send: [email], template: reminder, coupon: {pool: X}}", "steps[0].coupon: not supported yet"),
        ("{id: a, after: 0h, send: [email], template: reminder, sender: bob}", "steps[0].sender: can't be 'bob'; known here: agent"),
        ("just words", "steps[0]: must be a mapping with id, after, from, send, template, sender"),
    ],
)  # fmt: skip
def test_a_wrong_step_is_told_by_its_place(step, told):
    text = f"version: 1\nname: Short\nsteps:\n  - {step}\n"
    assert problems(text) == [f"cart.yaml:4: {told}"]


def test_all_errors_at_once_in_order_of_lines():
    text = """\
version: 2
name: Short
priority: high
branches:
  - when: {cart_value: {lt: "2000.00"}}
    steps:
      - {id: first, after: 0h, send: [email], template: reminder}
      - {id: first, after: soon, send: [email], template: reminder}
"""
    assert [line.split(": ")[0] for line in problems(text)] == [
        "cart.yaml:1",
        "cart.yaml:3",
        "cart.yaml:5",
        "cart.yaml:8",
        "cart.yaml:8",
    ]


def test_one_to_four_steps_and_the_limit_is_a_setting():
    one = "  - {id: %s, after: 0h, send: [email], template: reminder}\n"
    head = "version: 1\nname: Many\nsteps:\n"
    four = head + "".join(one % name for name in "abcd")
    assert len(parse(four).branches[0].steps) == 4
    five = four + one % "e"
    assert problems(five) == ["cart.yaml:4: steps: must hold 1 to 4 steps, not 5"]
    around = Surroundings(AROUND.templates, max_steps=5)
    assert len(parse(five, around).branches[0].steps) == 5
    assert problems(head.replace("steps:", "steps: []")) == [
        "cart.yaml:3: steps: must hold 1 to 4 steps, not 0"
    ]


def test_exactly_one_branch_and_steps_in_one_place():
    branch = "  - steps: [{id: a, after: 0h, send: [email], template: reminder}]\n"
    two = f"version: 1\nname: Two\nbranches:\n{branch}{branch}"
    assert problems(two) == [
        "cart.yaml:4: branches: must hold exactly one branch; more is not supported yet"
    ]
    both = f"{SHORTEST}branches:\n{branch}"
    assert problems(both) == [
        "cart.yaml:4: steps: stands beside branches: write the steps in the branch"
    ]


def test_idle_is_never_shorter_than_the_shop_s_abandonment_time():
    around = Surroundings(AROUND.templates, abandoned_after=timedelta(hours=2))
    text = SHORTEST.replace("steps:", "trigger: {idle: 90m}\nsteps:")
    assert problems(text, around) == [
        "cart.yaml:3: trigger.idle: can't be shorter than the shop's abandonment time of 120 minutes"
    ]


def test_without_any_sender_there_is_nothing_to_send_from():
    around = Surroundings(AROUND.templates, has_sender=False)
    assert problems(SHORTEST, around) == [
        "cart.yaml:1: sender: is missing, and the shop has no owner's address to send from"
    ]


def test_without_languages_the_shop_s_own_is_taken():
    assert parse(SHORTEST, Surroundings(AROUND.templates, language="it")).language == "it"
    assert problems(SHORTEST, Surroundings(AROUND.templates, language="ro")) == [
        "cart.yaml:4: steps[0].template: template 'reminder' has no text in language 'ro'; it has: en, it"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cart.yaml:1: is empty"),
        ("# only a remark\n", "cart.yaml:1: is empty"),
        ("- a\n", "cart.yaml:1: must be a mapping that has a name"),
        ("a: [\n", "cart.yaml:2: is no YAML: expected the node content, but found '<stream end>'"),
        ("\na: *x\n", "cart.yaml:2: is no YAML: found undefined alias 'x'"),
        ("a: 1\n---\nb: 2\n", "cart.yaml:2: is no YAML: but found another document"),
        ("name: x\na: \x00", "cart.yaml:2: is no YAML: unacceptable character #x0000: special characters are not allowed"),
        ("[" * 30_000, "cart.yaml:1: is nested too deeply"),
        ("- " * 10_000, "cart.yaml:1: is nested too deeply"),
        ("a" * 40_000, "cart.yaml:1: longer than 32768 characters"),
    ],
)  # fmt: skip
def test_what_is_no_scenario_at_all_gets_one_clear_line(text, told):
    assert problems(text) == [told]


@given(st.text(max_size=200) | st.from_regex(r"(name|steps|on): [\[\]{}&*!|>\-'\" a-z:,\n]{0,60}"))
def test_no_text_brings_it_down(text):
    try:
        parse(text)
    except ScenarioInvalid as wrong:
        assert wrong.problems  # noqa: PT017  (most texts are wrong, and may be)
