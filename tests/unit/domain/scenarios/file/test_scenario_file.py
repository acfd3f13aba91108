"""The contract of scenario files: the keys at the top, what is left out, what is wrong."""

from datetime import timedelta

import msgspec
import pytest

from ripresa.domain.scenarios import plan as plans
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.plan import (
    All,
    Amount,
    Audience,
    Branch,
    Offer,
    Plan,
    SenderName,
    Step,
    Window,
    load_plan,
)
from tests.scenario_files import AROUND, SHOP, SHORTEST, TEMPLATES, parse, problems, with_line

HOUR = 3600
SMS_BY_DAY = Window(9 * 60, 20 * 60)
# The example of the contract, with every key that it names beside it.
WHOLE = """\
version: 1
name: Left in the cart
trigger: {on: checkout, idle: 1d12h}
audience: {customers: inactive, inactive_for: 3mo, segment: VIP}
legal_basis: one_reminder
priority: -5
stop_on: [reply, agent_contact]
stale_after: 48h
limits: {not_more_often_than: 24h, not_after_order: 1mo, max_messages_per_30d: 8}
quiet_hours:
  email: {from: "22:00", until: "06:30", zone: Europe/Rome}
  letter: {from: "00:00", until: "24:00"}
  agent: {from: 08:00, until: 18:00}
holdout: 0.10
languages: {mode: multi, default: it, list: [en, it]}
sender: {name: Bottega, email: ciao@bottega.test, reply_to: aiuto@bottega.test}
on_reabandon: ignore
on_second_cart: each
branches:
  - name: small
    when: {cart_value: {lt: "2000.00"}, country: IT}
    steps:
      - {id: first, after: 0h, send: [email, sms], template: reminder, coupon: {pool: SPRING, valid_for: 48h}}
      - {id: more, after: 2d, from: left, send: [email], template: last_reminder, coupon: {mint: {percent: 12.50}}}
  - name: large
    steps:
      - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}
      - {id: second, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email], template: reminder, sender: agent}
"""


def test_a_whole_file():
    plan = parse(WHOLE, SHOP)
    assert plan == Plan(
        name="Left in the cart",
        language="it",
        languages=("it", "en"),
        branches=(
            Branch(
                "small",
                (
                    Step(
                        "first", Duration(), "abandoned", ("email", "sms"), "reminder",
                        coupon=Offer(pool="SPRING", valid_for=Duration(0, 48 * HOUR)),
                    ),
                    Step(
                        "more", Duration(0, 48 * HOUR), "left", ("email",), "last_reminder",
                        coupon=Offer(percent="12.5"),
                    ),
                ),
                All((
                    plans.Test("cart_value", "lt", Amount(200_000, "EUR")),
                    plans.Test("country", "eq", "IT"),
                )),
            ),
            Branch(
                "large",
                (
                    Step(
                        "tell", Duration(), "abandoned", ("agent",), "agent_notice",
                        stage="check_out_abandoned",
                    ),
                    Step(
                        "second", Duration(0, 48 * HOUR), "previous", ("email",), "reminder",
                        by_agent=True,
                        only_if=plans.Test("deal_stage", "eq", "check_out_abandoned"),
                    ),
                ),
            ),
        ),
        trigger="checkout",
        idle=Duration(0, 36 * HOUR),
        audience=Audience("inactive", Duration(3), "VIP"),
        legal_basis="one_reminder",
        priority=-5,
        stop_on=("reply", "agent_contact"),
        stale_after=Duration(0, 48 * HOUR),
        not_more_often_than=Duration(0, 24 * HOUR),
        not_after_order=Duration(1, 0),
        max_messages_per_30d=8,
        quiet_hours={
            "email": Window(22 * 60, 6 * 60 + 30, "Europe/Rome"),
            "sms": SMS_BY_DAY,
            "letter": Window(0, 24 * 60),
            "agent": Window(8 * 60, 18 * 60),
        },
        holdout=1_000,
        sender=SenderName("Bottega", "ciao@bottega.test", "aiuto@bottega.test"),
        on_reabandon="ignore",
        on_second_cart="each",
    )  # fmt: skip
    assert load_plan(msgspec.json.encode(plan)) == plan
    # As it is stored, and read again.
    assert msgspec.convert(msgspec.to_builtins(plan), type=Plan) == plan


def test_what_is_left_out_has_the_contract_s_value():
    plan = parse(SHORTEST)
    assert (plan.trigger, plan.idle, plan.priority) == ("cart", Duration(0, 24 * HOUR), 50)
    assert plan.stale_after == Duration(0, 72 * HOUR)
    assert (plan.legal_basis, plan.language, plan.sender) == ("by_country", "en", None)
    assert (plan.audience, plan.stop_on, plan.holdout) == (Audience(), (), 0)
    assert (plan.on_reabandon, plan.on_second_cart) == ("restart", "newest")
    assert plan.quiet_hours == {"sms": SMS_BY_DAY}
    assert [branch.name for branch in plan.branches] == ["everyone"]
    assert plan.branches[0].when is None
    assert plan.branches[0].steps[0].base == "abandoned"


def test_words_that_yaml_1_1_took_for_yes_and_no_stay_words():
    assert parse(SHORTEST.replace("name: Short", "name: no")).name == "no"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("triger: {on: cart}", "triger: unknown key; did you mean 'trigger'?"),
        ("name: Again", "name: stands here twice, first on line 2"),
        ("trigger: {on: basket}", "trigger.on: can't be 'basket'; known here: cart, checkout, any"),
        ("trigger: {on: chekout}", "trigger.on: can't be 'chekout'; did you mean 'checkout'?"),
        ("trigger: {idle: 24}", "trigger.idle: '24' is no duration; write it like 90m, 24h, 2d, 1d12h or 3mo"),
        ("audience: everyone", "audience: must be a mapping with customers, inactive_for, segment"),
        ("audience: {customers: nwe}", "audience.customers: can't be 'nwe'; did you mean 'new'?"),
        ("audience: {customers: inactive, inactive_for: long}", "audience.inactive_for: 'long' is no duration; write it like 90m, 24h, 2d, 1d12h or 3mo"),
        ("audience: {segment: VPI}", "audience.segment: there is no segment 'VPI'; did you mean 'VIP'?"),
        ("audience: {segments: VIP}", "audience.segments: unknown key; did you mean 'segment'?"),
        ("legal_basis: by_contry", "legal_basis: can't be 'by_contry'; did you mean 'by_country'?"),
        ("legal_basis: trust", "legal_basis: can't be 'trust'; known here: by_country, consent, any, one_reminder"),
        ("priority: high", "priority: must be a whole number from -1000000 to 1000000"),
        ("priority: 1.5", "priority: must be a whole number from -1000000 to 1000000"),
        ("stop_on: reply", "stop_on: must be a list"),
        ("stop_on: [replay]", "stop_on[0]: can't be 'replay'; did you mean 'reply'?"),
        ("stop_on: [reply, order]", "stop_on[1]: can't be 'order'; known here: reply, agent_contact"),
        ("stale_after: 3 days", "stale_after: '3 days' is no duration; write it like 90m, 24h, 2d, 1d12h or 3mo"),
        ("limits: {not_more_often: 24h}", "limits.not_more_often: unknown key; did you mean 'not_more_often_than'?"),
        ("limits: {max_messages_per_30d: 0}", "limits.max_messages_per_30d: must be a whole number from 1 to 1000"),
        ("limits: 3", "limits: must be a mapping with not_more_often_than, not_after_order, max_messages_per_30d"),
        ("holdout: 10", "holdout: must be a number from 0 to 1 with at most 4 decimals"),
        ("holdout: -0.1", "holdout: must be a number from 0 to 1 with at most 4 decimals"),
        ("holdout: 0.00001", "holdout: must be a number from 0 to 1 with at most 4 decimals"),
        ("holdout: 10%", "holdout: must be a number from 0 to 1 with at most 4 decimals"),
        ("holdout: .nan", "holdout: must be a number from 0 to 1 with at most 4 decimals"),
        ("holdout: ~", "holdout: must be a number from 0 to 1 with at most 4 decimals"),
        ("quiet_hours: {email: {from: '09:00'}}", "quiet_hours.email: has no until; write it like {from: '09:00', until: '20:00'}"),
        ("quiet_hours: {email: 9 to 20}", "quiet_hours.email: must be a mapping with from, until, zone"),
        ("quiet_hours: {email: {from: '9', until: '20:00'}}", "quiet_hours.email.from: '9' is no time of day; write it like '09:00'"),
        ("quiet_hours: {email: {from: '09:00', until: '24:01'}}", "quiet_hours.email.until: '24:01' is no time of day; write it like '09:00'"),
        ("quiet_hours: {email: {from: '24:00', until: '09:00'}}", "quiet_hours.email.from: '24:00' is an end, not a beginning; write '00:00'"),
        ("quiet_hours: {sms: {from: '09:00', until: '09:00'}}", "quiet_hours.sms: from and until are the same; at any hour is {from: '00:00', until: '24:00'}"),
        ("quiet_hours: {sms: {from: '09:00', until: '20:00', zone: Europe/Roma}}", "quiet_hours.sms.zone: is no time zone; did you mean 'Europe/Rome'?"),
        ("quiet_hours: {pigeon: {from: '09:00', until: '20:00'}}", "quiet_hours.pigeon: unknown key; known here: email, sms, letter, agent"),
        ("languages: {default: it, list: [en]}", "languages.default: must be one of languages.list"),
        ("languages: {mode: single}", "languages: names no default; write default: it"),
        ("languages: {list: [it, de]}", "languages: names no default; write default: it"),
        ("languages: {mode: single, default: en, list: [en, it]}", "languages.list: names 2 languages; write mode: multi for that"),
        ("languages: {mode: multi, default: en}", "languages: is multi and has no list of languages"),
        ("languages: {mode: mutli, default: en}", "languages.mode: can't be 'mutli'; did you mean 'multi'?"),
        ("languages: {default: en, list: [en, en]}", "languages.list: names a language twice"),
        ("languages: {default: English}", "languages.default: 'English' is no language; write it like 'it' or 'pt-BR'"),
        ("languages: {default: en, list: [en, IT]}", "languages.list[1]: 'IT' is no language; write it like 'it' or 'pt-BR'"),
        ("languages: it", "languages: must be a mapping with mode, default, list"),
        ("sender: {name: Shop}", "sender: has no email"),
        ("sender: {email: shop at example}", "sender.email: 'shop at example' is no e-mail address"),
        ("sender: {email: a@b.test, reply_to: nobody}", "sender.reply_to: 'nobody' is no e-mail address"),
        ("sender: {email: a@b.test, replyto: a@b.test}", "sender.replyto: unknown key; did you mean 'reply_to'?"),
        ("on_reabandon: restrat", "on_reabandon: can't be 'restrat'; did you mean 'restart'?"),
        ("on_second_cart: both", "on_second_cart: can't be 'both'; known here: newest, each"),
    ],
)  # fmt: skip
def test_each_error_names_file_line_field_and_the_nearest_right_word(line, told):
    found = problems(with_line(line), SHOP)
    assert found[0] == f"cart.yaml:4: {told}"
    # What follows from it may be told as well, further down.
    assert all(each.startswith("cart.yaml:") for each in found[1:])


@pytest.mark.parametrize(
    ("holdout", "parts"),
    [("0", 0), ("0.1", 1_000), ("0.10", 1_000), ('"0.25"', 2_500), ("0.0001", 1), ("1", 10_000)],
)
def test_a_holdout_is_kept_in_parts_of_ten_thousand(holdout, parts):
    assert parse(with_line(f"holdout: {holdout}")).holdout == parts


@pytest.mark.parametrize(
    ("languages", "read"),
    [
        ("{mode: single, default: it}", ("it",)),
        ("{default: it, list: [it]}", ("it",)),
        ("{list: [it]}", ("it",)),
        ("{mode: multi, default: it, list: [en, it]}", ("it", "en")),
        # Without a default, the shop's own, which is English here.
        ("{list: [it, en]}", ("en", "it")),
        ("{mode: multi, list: [en]}", ("en",)),
    ],
)
def test_one_language_or_several_with_one_to_fall_back_on(languages, read):
    plan = parse(with_line(f"languages: {languages}"))
    assert plan.languages == read
    assert plan.language == read[0]


def test_without_languages_the_shop_s_own_is_taken():
    assert parse(SHORTEST, Surroundings(TEMPLATES, language="it")).languages == ("it",)
    assert problems(SHORTEST, Surroundings(TEMPLATES, language="ro")) == [
        "cart.yaml:4: steps[0].template: template 'reminder' has no text in ro for email; it has: en, it"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("it", "it"), ("it-IT", "it"), ("it_CH", "it"), ("pt-BR", "pt-BR"), ("PT-br", "pt-BR"),
        ("pt-BR-x-a", "pt-BR"), ("pt-PT", "en"), ("pt", "en"), ("de-AT", "en"), ("", "en"), (None, "en"),
    ],
)  # fmt: skip
def test_the_language_of_a_person_falls_back_to_its_base_and_then_to_the_default(locale, language):
    plan = msgspec.structs.replace(parse(SHORTEST), languages=("en", "it", "pt-BR"))
    assert plan.language_for(locale) == language


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


def test_idle_is_never_shorter_than_the_shop_s_abandonment_time():
    around = Surroundings(TEMPLATES, abandoned_after=timedelta(hours=2))
    text = SHORTEST.replace("steps:", "trigger: {idle: 90m}\nsteps:")
    assert problems(text, around) == [
        "cart.yaml:3: trigger.idle: can't be shorter than the shop's abandonment time of 120 minutes"
    ]


def test_without_any_sender_there_is_nothing_to_send_from():
    around = Surroundings(TEMPLATES, has_sender=False)
    assert problems(SHORTEST, around) == [
        "cart.yaml:1: sender: is missing, and the shop has no owner's address to send from"
    ]


def test_without_a_shop_any_name_may_be_right():
    text = WHOLE.replace("VIP", "VPI").replace("SPRING", "SPRIGN")
    assert parse(text, AROUND).audience.segment == "VPI"
    assert problems(text, SHOP) == [
        "cart.yaml:4: audience.segment: there is no segment 'VPI'; did you mean 'VIP'?",
        "cart.yaml:23: branches[0].steps[0].coupon.pool: there is no pool 'SPRIGN'; did you mean 'SPRING'?",
    ]
