"""Branches and their steps: what is read, and how what is wrong is told."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ripresa.domain.scenarios.file.surroundings import MintSums, Surroundings
from tests.scenario_files import SHOP, TEMPLATES, parse, problems, with_step

# Stands for the keys of a step that is right.
MAIL = "id: a, after: 0h, send: [email], template: reminder"


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("just words", ": must be a mapping with id, after, from, send, notify, template, sender, only_if, coupon, stage"),
        ("{after: 0h, send: [email], template: reminder}", ": has no id"),
        ("{id: a, send: [email], template: reminder}", ": has no after"),
        ("{id: a, after: 0h, send: [email]}", ": has no template"),
        ("{id: a, after: 0h, template: reminder}", ": has neither send nor notify"),
        ("{id: a, after: 0h, send: [], template: reminder}", ".send: must be a list of channels, like [email]"),
        ("{id: a, after: 0h, send: both, template: reminder}", ".send: must be a list of channels, like [email]; both at once is [email, sms]"),
        ("{id: a, after: 0h, send: [email, smss], template: reminder}", ".send[1]: can't be 'smss'; did you mean 'sms'?"),
        ("{id: a, after: 0h, send: [fax], template: reminder}", ".send[0]: can't be 'fax'; known here: email, sms, letter"),
        ("{id: a, after: 0h, send: [email, email], template: reminder}", ".send: names a channel twice"),
        ("{id: a, after: 0h, send: [agent], template: reminder}", ".send[0]: can't be 'agent'; known here: email, sms, letter"),
        ("{id: a, after: soon, send: [email], template: reminder}", ".after: 'soon' is no duration; write it like 90m, 24h, 2d, 1d12h or 3mo"),
        ("{MAIL, from: previous}", ".from: can't be 'previous': this is the first step"),
        ("{MAIL, from: begin}", ".from: can't be 'begin'; known here: left, abandoned, previous"),
        ("{MAIL, sender: bob}", ".sender: can't be 'bob'; known here: agent"),
        ("{MAIL, cupon: {pool: SPRING}}", ".cupon: unknown key; did you mean 'coupon'?"),
        ("{id: a, after: 0h, send: [email], template: remindr}", ".template: there is no template 'remindr'; did you mean 'reminder'?"),
        ("{id: a, after: 0h, send: [email, sms], template: last_reminder}", ".template: template 'last_reminder' does not fit sms; it fits: email"),
        ("{id: a, after: 0h, send: [email], template: agent_reminder}", ".template: template 'agent_reminder' has no text in en for email; it has: it"),
        ("{id: a, after: 0h, send: [email, letter], template: reminder}", ".template: template 'reminder' has no text in en for letter; it has: it"),
        ("{MAIL, coupon: SPRING}", ".coupon: must be a mapping with pool, mint, valid_for"),
        ("{MAIL, coupon: {valid_for: 48h}}", '.coupon: must have either pool: NAME, or mint: {percent: 10}, or mint: {amount: "5.00"}'),
        ("{MAIL, coupon: {pool: SPRING, mint: {percent: 10}}}", '.coupon: must have either pool: NAME, or mint: {percent: 10}, or mint: {amount: "5.00"}'),
        ("{MAIL, coupon: {pool: SPRIN}}", ".coupon.pool: there is no pool 'SPRIN'; did you mean 'SPRING'?"),
        ("{MAIL, coupon: {mint: 10}}", ".coupon.mint: must be a mapping with percent, amount, currency"),
        ("{MAIL, coupon: {mint: {}}}", '.coupon.mint: must have either percent: 10, or amount: "5.00"'),
        ('{MAIL, coupon: {mint: {percent: 10, amount: "5.00"}}}', '.coupon.mint: must have either percent: 10, or amount: "5.00"'),
        ("{MAIL, coupon: {mint: {percent: 10, currency: EUR}}}", ".coupon.mint.currency: belongs to an amount: per cent have no currency"),
        ('{MAIL, coupon: {mint: {amount: "0.00"}}}', ".coupon.mint.amount: must be more than nothing"),
        ('{MAIL, coupon: {mint: {amount: "5.001"}}}', ".coupon.mint.amount: '5.001' has more decimals than EUR has"),
        ('{MAIL, coupon: {mint: {amount: "5.00", currency: EURO}}}', ".coupon.mint.currency: 'EURO' is no currency; write it like 'EUR'"),
        ("{MAIL, coupon: {mint: {percent: 0}}}", ".coupon.mint.percent: must be a number from 0.01 to 100 with at most 2 decimals"),
        ("{MAIL, coupon: {mint: {percent: ten}}}", ".coupon.mint.percent: must be a number from 0.01 to 100 with at most 2 decimals"),
        ("{MAIL, coupon: {pool: SPRING, valid_for: 2 days}}", ".coupon.valid_for: '2 days' is no duration; write it like 90m, 24h, 2d, 1d12h or 3mo"),
        ("{MAIL, coupon: {pool: SPRING, valid_for: 0h}}", ".coupon.valid_for: a coupon that ends as it is sent is none; leave the key out for one that lasts"),
        ("{MAIL, stage: chek_out_abandoned}", ".stage: there is no stage 'chek_out_abandoned'; did you mean 'check_out_abandoned'?"),
        ("{MAIL, only_if: {deal_stage: lost}}", ".only_if.deal_stage: there is no stage 'lost'; known here: check_out_abandoned, confirmed"),
        ("{MAIL, only_if: abandoned}", '.only_if: must be a mapping of facts, like {cart_value: {lt: "2000.00"}}'),
        ("{id: a, after: 0h, notify: owner}", ".notify: can't be 'owner'; known here: agent"),
        ("{id: a, after: 0h, notify: agent, send: [email]}", ".send: stands beside notify: a step does one or the other"),
        ("{id: a, after: 0h, notify: agent, sender: agent}", ".sender: has no place here: a notice always comes from the shop"),
        ("{id: a, after: 0h, notify: agent, coupon: {pool: SPRING}}", ".coupon: has no place here: a notice goes to the agent, who needs none"),
        ("{id: a, after: 0h, notify: agent, template: reminder}", ".template: template 'reminder' does not fit agent; it fits: email, letter, sms"),
        (f"{{id: {'a' * 61}, after: 0h, notify: agent}}", ".id: must be a text of 1 to 60 characters on one line"),
    ],
)  # fmt: skip
def test_a_wrong_step_is_told_by_its_place(step, told):
    assert problems(with_step(step.replace("MAIL", MAIL)), SHOP) == [f"cart.yaml:4: steps[0]{told}"]


@pytest.mark.parametrize(
    ("makers", "told"),
    [
        (None, ""),
        ({}, "no connected shop makes coupons over a sum: connect one, or take pool: NAME"),
        ({"Medusa": None, "Shopify": frozenset({"EUR"})}, ""),
        ({"Shopify": frozenset({"RON"})}, ""),
        ({"Shopify": frozenset({"EUR"})}, "no connected shop makes coupons in RON: Shopify makes coupons in EUR"),
    ],
)  # fmt: skip
def test_a_sum_off_wants_a_shop_that_makes_coupons_over_it(makers, told):
    """Per cent want none: their pool waits for whichever shop is connected later."""
    around = replace(SHOP, mint_sums=MintSums(None if makers is None else lambda: makers))
    wanted = with_step(
        '{MAIL, coupon: {mint: {amount: "15.50", currency: RON}}}'.replace("MAIL", MAIL)
    )
    if told:
        assert problems(wanted, around) == [f"cart.yaml:4: steps[0].coupon.mint.amount: {told}"]
        assert parse(
            with_step("{MAIL, coupon: {mint: {percent: 10}}}".replace("MAIL", MAIL)), around
        )
        return
    [branch] = parse(wanted, around).branches
    assert branch.steps[0].coupon.worth == (Decimal("15.50"), "RON")
    assert str(branch.steps[0].coupon.worth) == "15.50 RON"


def test_several_languages_need_a_text_each_in_every_channel():
    text = with_step("{id: a, after: 0h, send: [email, letter], template: reminder}")
    text += "languages: {mode: multi, default: it, list: [it, en, ro, de]}\n"
    assert problems(text) == [
        "cart.yaml:4: steps[0].template: template 'reminder' has no text in ro, de for email; it has: en, it",
        "cart.yaml:4: steps[0].template: template 'reminder' has no text in en, ro, de for letter; it has: it",
    ]  # fmt: skip


def test_a_notice_is_read_in_the_shop_s_language_or_the_default_or_english():
    text = with_step("{id: a, after: 0h, notify: agent, template: note}")
    text += "languages: {mode: multi, default: ro, list: [ro, de]}\n"
    for language in ("it", "ro", "en"):
        templates = {"note": {"agent": frozenset({language})}}
        assert parse(text, Surroundings(templates, language="it"))
    around = Surroundings({"note": {"agent": frozenset({"de"})}}, language="it")
    assert problems(text, around) == [
        "cart.yaml:4: steps[0].template: template 'note' has no text in it, ro, en for agent; it has: de"
    ]  # fmt: skip


def test_a_shop_that_has_none_yet_says_so():
    bare = Surroundings(TEMPLATES, pools=frozenset())
    assert problems(with_step(f"{{{MAIL}, coupon: {{pool: SPRING}}}}"), bare) == [
        "cart.yaml:4: steps[0].coupon.pool: there is no pool 'SPRING'; the shop has no pool yet"
    ]


ONE = "  - {id: %s, after: 0h, send: [email], template: reminder}\n"
HEAD = "version: 1\nname: Many\nsteps:\n"


def test_one_to_four_steps_and_the_limit_is_a_setting():
    four = HEAD + "".join(ONE % name for name in "abcd")
    assert len(parse(four).branches[0].steps) == 4
    five = four + ONE % "e"
    assert problems(five) == [
        "cart.yaml:4: steps: must hold at most 4 steps to the customer, not 5"
    ]
    around = Surroundings(TEMPLATES, max_steps=5)
    assert len(parse(five, around).branches[0].steps) == 5
    assert problems(HEAD.replace("steps:", "steps: []")) == [
        "cart.yaml:3: steps: must hold at least one step"
    ]


def test_the_limit_counts_steps_to_the_customer():
    """Both at once is one step; a notice goes to the agent."""
    both = "  - {id: x, after: 0h, send: [email, sms], template: reminder}\n"
    notice = "  - {id: y, after: 0h, notify: agent}\n"
    text = HEAD + notice + both + "".join(ONE % name for name in "abc")
    assert len(parse(text).branches[0].steps) == 5


# --- Branches ---

STEPS = "steps: [{id: %s, after: 0h, send: [email], template: reminder}]"


def branches(*entries):
    return "version: 1\nname: Branches\nbranches:\n" + "".join(
        f"  - {{{each}}}\n" for each in entries
    )


def test_the_branches_keep_their_order():
    text = branches(
        "name: a, when: {country: IT}, " + STEPS % "x",
        "name: b, when: {country: DE}, " + STEPS % "y",
        "name: c, " + STEPS % "z",
    )
    plan = parse(text)
    assert [branch.name for branch in plan.branches] == ["a", "b", "c"]
    assert plan.branch_named("b") is plan.branches[1]
    with pytest.raises(KeyError):
        plan.branch_named("d")


def test_the_last_branch_may_have_a_condition_too():
    plan = parse(branches("name: a, when: {country: IT}, " + STEPS % "x"))
    assert plan.branches[0].when is not None


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        (["name: a, " + STEPS % "x", "name: b, " + STEPS % "y"],
         "5: branches[1]: is never reached: the branch on line 4 takes everyone else"),
        (["name: a, when: {country: IT}, " + STEPS % "x", "name: a, " + STEPS % "y"],
         "5: branches[1].name: 'a' is taken by the branch on line 4"),
        (["when: {country: IT}, " + STEPS % "x"], "4: branches[0]: has no name"),
        (["name: a"], "4: branches[0]: has no steps"),
        (["name: a, wen: {country: IT}, " + STEPS % "x"],
         "4: branches[0].wen: unknown key; did you mean 'when'?"),
        (["name: a, when: {country: IT}, " + STEPS % "x", "name: b, " + STEPS % "x"],
         "5: branches[1].steps[0].id: 'x' is taken by the step on line 4"),
    ],
)  # fmt: skip
def test_a_wrong_branch_is_told_by_its_place(entries, told):
    assert problems(branches(*entries)) == [f"cart.yaml:{told}"]


def test_branches_or_steps_but_not_both_and_not_neither():
    branch = "  - " + STEPS % "b"
    both = f"{HEAD}{ONE % 'a'}branches:\n{branch}\n"
    assert problems(both) == [
        "cart.yaml:4: steps: stands beside branches: write the steps in the branch"
    ]
    head = "version: 1\nname: None\n"
    assert problems(head) == ["cart.yaml:1: steps: is missing, and so is branches"]
    assert problems(head + "branches: []\n") == [
        "cart.yaml:3: branches: must hold at least one branch"
    ]
    assert problems(head + "branches: {a: 1}\n") == ["cart.yaml:3: branches: must be a list"]
