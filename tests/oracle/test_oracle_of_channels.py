"""Channels, consent, caps over channels, and notices, by examples worked out by hand.

Instants are in October 2026 unless a month is said, in UTC; Rome is two hours ahead until the
25th, one hour from then on.
"""

import pytest

from .telling import ADA, Story, lines, on, plan, reasons, run, scenario, step, told

BOTH = {"email": "granted", "sms": "granted"}
EVA = {"email": "eva@example.test", "phone": "+393331", "consent": BOTH}
ANY_HOUR = {"sms": {"from": "00:00", "until": "24:00"}}
STAGE = {"deal_stage": "check_out_abandoned"}
NIGHT = {"email": {"from": "09:00", "until": "20:00"}}

# -- channels ---------------------------------------------------------------------------------


def test_left_at_five_and_texted_at_nine_next_day() -> None:
    """SCN-9, worked example, with the default hours of SMS: left 17:00 in Rome."""
    raw = plan(step("first", "4h", "sms", **{"from": "left"}), trigger={"on": "any", "idle": "4h"})
    assert told(run(Story().fill("1 15:00", contact=EVA), raw), "to") == [
        (*line, "+393331")
        for line in lines("1 19:00 first held quiet_hours", "2 07:00 first sent due")
    ]
    winter = run(Story().fill("24 15:00", contact=EVA), raw)  # clocks go back in the night
    assert told(winter)[1:] == lines("25 08:00 first sent due")


def test_hours_given_to_mail_leave_those_of_sms() -> None:
    """scenario.md: absent: SMS 09:00-20:00, others free."""
    hours = {"email": {"from": "00:00", "until": "12:00"}}
    raw = plan(step("first", "0h", "email sms"), quiet_hours=hours)
    assert told(run(Story().fill("1 20:00", contact=EVA), raw), "channel") == [
        (*line, channel)
        for line, channel in zip(
            lines(
                "2 20:00 first held quiet_hours",
                "2 20:00 first held quiet_hours",
                "2 22:00 first sent due",
                "3 07:00 first sent due",
            ),
            ("email", "sms", "email", "sms"),
            strict=True,
        )
    ]


def test_both_without_a_phone_is_the_mail_alone() -> None:
    """CNS-4; scenario.md: SMS recorded as skipped, `no_phone`."""
    outcome = run(Story().fill("1 10:00"), plan(step("first", "0h", "email sms")))
    assert told(outcome, "channel", "to") == [
        (on("2 10:00"), "first", "sent due", "email", "ada@example.test"),
        (on("2 10:00"), "first", "skipped no_phone", "sms", None),
    ]
    assert reasons(Story().fill("1 10:00"), plan(step("first", "0h", "letter"))) == ["no_address"]


def test_consent_is_asked_for_each_channel() -> None:
    """CNS-1: per person and channel; `any` stops at a refusal alone."""
    contact = {**ADA, "phone": "+393331", "address": {"lines": ["x"], "country": "IT"}}
    steps = (step("one", "0h", "email sms"), step("two", "1h", "letter"))
    story = Story().fill("1 10:00", contact=contact)
    assert reasons(story, plan(*steps)) == ["due", "no_consent", "no_consent"]
    assert reasons(story, plan(*steps, legal_basis="any")) == ["due"] * 3
    refused = {**contact, "consent": {"email": "granted", "sms": "denied"}}
    story = Story().fill("1 10:00", contact=refused)
    assert reasons(story, plan(*steps, legal_basis="any")) == ["due", "no_consent", "due"]


def test_one_unsubscribe_stops_one_channel() -> None:
    """CNS-1: default is separate; reasons: she does not want this channel any more."""
    story = Story().fill("1 10:00", contact=EVA)
    no_texts = {"email": "eva@example.test", "consent": {"sms": "denied"}}
    story.tell("consent.changed", "2 11:00", contact=no_texts)
    raw = plan(step("first", "0h"), step("second", "1d", "email sms"))
    assert told(run(story, raw), "channel") == [
        (*lines("2 10:00 first sent due")[0], "email"),
        (*lines("2 11:00 second cancelled unsubscribed")[0], "sms"),
        (*lines("3 10:00 second sent due")[0], "email"),
    ]


@pytest.mark.parametrize(
    ("basis", "country", "bought", "expected"),
    [
        ("by_country", "IT", False, ["due", "legal_basis", "legal_basis", "legal_basis"]),
        ("by_country", "DE", True, ["legal_basis", "legal_basis", "due", "legal_basis"]),
        ("by_country", "GB", True, ["due", "legal_basis", "legal_basis", "due"]),
        ("by_country", "GB", False, ["legal_basis"] * 4),
        ("by_country", "FR", True, ["due", "due", "legal_basis", "due"]),
        ("by_country", "JP", True, ["legal_basis"] * 4),
        ("one_reminder", "JP", False, ["due", "legal_basis", "legal_basis", "legal_basis"]),
        ("consent", "IT", True, ["no_consent"] * 4),
        ("any", "JP", False, ["due"] * 4),
    ],
)
def test_legal_bases(basis: str, country: str, bought: bool, expected: list[str]) -> None:
    """docs/reference/legal-bases.md; CNS-5: e.g. Italy allows one prompt reminder."""
    steps = (step("a", "0h"), step("b", "1h", "sms"), step("c", "1h", "letter"), step("d", "1h"))
    address = {"lines": ["x"], "country": country}
    contact = {"email": "ada@example.test", "phone": "+393331", "address": address}
    story = Story().fill("1 10:00", contact=contact)
    if bought:
        story.order("9-1 10:00")
    raw = plan(*steps, legal_basis=basis, quiet_hours=ANY_HOUR)
    assert reasons(story, raw) == expected
    refused = {**contact, "consent": {"email": "denied", "sms": "denied", "letter": "denied"}}
    story.on_cart("cart.viewed", "1 11:00", contact=refused)
    assert reasons(story, raw) == ["no_consent"] * 4


def test_one_reminder_is_a_prompt_one() -> None:
    """The same page: within 72 hours of leaving the cart, by the step itself not yet begun."""
    contact = {"email": "ada@example.test"}
    for after, reason in (("48h", "due"), ("49h", "legal_basis")):
        raw = plan(step("a", after), legal_basis="one_reminder")
        assert reasons(Story().fill("1 10:00", contact=contact), raw) == [reason]


# -- caps over channels -----------------------------------------------------------------------


def test_the_cap_counts_steps_not_messages() -> None:
    """scenario.md: the e-mail goes, the SMS waits; measured between their first messages."""
    raw = plan(
        step("first", "0h", "email sms"),
        step("second", "24h", "email"),
        limits={"not_more_often_than": "24h", "max_messages_per_30d": 2},
    )
    assert told(run(Story().fill("1 19:00", contact=EVA), raw), "channel") == [
        (*line, channel)
        for line, channel in zip(
            lines(
                "2 19:00 first sent due",
                "2 19:00 first held quiet_hours",
                "3 07:00 first sent due",
                "3 19:00 second sent due",
            ),
            ("email", "sms", "sms", "email"),
            strict=True,
        )
    ]


def test_the_cap_looks_across_channels() -> None:
    """SCN-4: between two steps to the same person, whichever way they go."""
    raw = plan(step("a", "0h", "sms"), step("b", "1h"), limits={"not_more_often_than": "24h"})
    assert told(run(Story().fill("1 10:00", contact=EVA), raw)) == lines(
        "2 10:00 a sent due", "2 11:00 b held cap", "3 10:00 b sent due"
    )


def test_a_notice_counts_towards_no_cap_and_is_held_by_none() -> None:
    """scenario.md: the cap is on messages to her; SCN-1: steps to the customer."""
    limits = {"not_more_often_than": "24h", "max_messages_per_30d": 1}
    raw = plan(step("a", "0h"), step("tell", "1h", "agent"), step("b", "1h"), limits=limits)
    assert told(run(Story().fill("1 10:00"), raw))[:3] == lines(
        "2 10:00 a sent due", "2 11:00 tell sent due", "2 12:00 b held cap"
    )


# -- notices ----------------------------------------------------------------------------------


def test_a_notice_needs_neither_consent_nor_address() -> None:
    """SCN-19: no agent known: the notice goes to the shop's owner."""
    raw = plan(step("tell", "0h", "agent"), step("first", "1h"))
    story = Story().fill("1 10:00", contact={"phone": "+393331"})
    assert told(run(story, raw)) == lines("2 10:00 tell sent due", "2 11:00 first skipped no_email")
    hers = Story().fill("1 10:00", contact={**ADA, "agent": "bruno@shop.test"})
    assert run(hers, raw).messages[0]["to"] == "bruno@shop.test"


def test_a_step_counts_from_the_hand_over_of_the_notice() -> None:
    """scenario.md: "after a notice, its hand-over"; found two days late, it is told at once."""
    raw = plan(step("tell", "0h", "agent"), step("second", "48h"), step("third", "1d"))
    assert told(run(Story().fill("1 10:00", received="4 09:00"), raw)) == lines(
        "4 09:00 tell sent due", "6 09:00 second sent due", "7 09:00 third sent due"
    )
    fixed = plan(step("tell", "0h", "agent"), step("second", "48h", **{"from": "abandoned"}))
    assert told(run(Story().fill("1 10:00", received="3 09:00"), fixed)) == lines(
        "3 09:00 tell sent due", "4 10:00 second sent due"
    )


def test_while_the_notice_waits_her_step_waits_too() -> None:
    """Decided: due while the notice is still unsent: held, `agent_first`."""
    hours = {"agent": {"from": "09:00", "until": "18:00"}}
    raw = plan(step("tell", "0h", "agent"), step("second", "2h"), quiet_hours=hours)
    assert told(run(Story().fill("1 18:00"), raw)) == lines(
        "2 18:00 tell held quiet_hours",
        "2 20:00 second held agent_first",
        "3 07:00 tell sent due",
        "3 09:00 second sent due",
    )


def test_only_if_without_a_deal() -> None:
    """SCN-8: only if the deal still stands in the stage; without one it doesn't."""
    raw = plan(step("tell", "0h", "agent"), step("second", "48h", only_if=STAGE))
    assert reasons(Story().fill("1 10:00"), raw) == ["due", "only_if"]


def test_a_notice_that_comes_too_late_opens_its_deal() -> None:
    """docs/reference/scenario-file.md: skipped `stale`, it opens its deal all the same."""
    steps = (
        step("tell", "0h", "agent", stage="check_out_abandoned"),
        step("second", "48h", only_if=STAGE, **{"from": "abandoned"}),
    )
    late = Story().fill("1 10:00", received="4 09:00")
    assert told(run(late, plan(*steps, stale_after="24h"))) == lines(
        "4 09:00 tell skipped stale", "4 10:00 second sent due"
    )


# -- overtaken -------------------------------------------------------------------------------


def test_overtaken_by_a_later_step() -> None:
    """SCN-11: overtaken by a later step is skipped, stale: gone by another way, or due since."""
    raw = scenario({"first": "0h", "second": "1h"}, quiet_hours=NIGHT)
    raw["steps"][1]["send"] = ["letter"]
    hers = {
        **ADA,
        "address": {"lines": ["x"]},
        "consent": {"email": "granted", "letter": "granted"},
    }
    assert told(run(Story().fill("1 04:00", contact=hers), raw)) == lines(
        "2 04:00 first held quiet_hours",
        "2 05:00 second sent due",
        "2 07:00 first skipped stale",
    )
    late = Story().fill("1 04:00", received="2 08:00")
    assert told(run(late, scenario({"first": "0h", "second": "1h"}))) == lines(
        "2 08:00 first skipped stale", "2 08:00 second sent due"
    )


def test_held_until_one_instant_both_go() -> None:
    """docs/adr/0008: a hold is no fault of the step; as far apart as the limits ask."""
    held = ("2 04:00 first held quiet_hours", "2 05:00 second held quiet_hours")
    raw = scenario({"first": "0h", "second": "1h"}, quiet_hours=NIGHT)
    assert told(run(Story().fill("1 04:00"), raw)) == lines(
        *held, "2 07:00 first sent due", "2 07:00 second sent due"
    )
    apart = {**raw, "limits": {"not_more_often_than": "3h"}}
    assert told(run(Story().fill("1 04:00"), apart)) == lines(
        *held, "2 07:00 first sent due", "2 07:00 second held cap", "2 10:00 second sent due"
    )
