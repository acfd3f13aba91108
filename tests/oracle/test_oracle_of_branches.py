"""Branches, conditions, audiences and the hold-out, by examples worked out by hand.

Instants are in October 2026 unless a month is said, in UTC; Rome is two hours ahead until the
25th, one hour from then on.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from .knowledge_reading import device_of, is_drawn
from .scenario_reading import BeyondOracle, months_later, understand
from .telling import (
    ADA,
    Story,
    branches,
    lines,
    on,
    plan,
    reasons,
    run,
    scenario,
    states,
    step,
    told,
    whole,
)

BOTH = {"email": "granted", "sms": "granted"}
EVA = {"email": "eva@example.test", "phone": "+393331", "consent": BOTH}
ANY_HOUR = {"sms": {"from": "00:00", "until": "24:00"}}
STAGE = {"deal_stage": "check_out_abandoned"}
SI = branches(
    ("small", {"cart_value": {"lt": "2000.00"}}, [step("first", "24h")]),
    (
        "large",
        None,
        [
            step("tell", "0h", "agent", stage="check_out_abandoned"),
            step("second", "48h", only_if=STAGE),
        ],
    ),
)


# -- branches and conditions ------------------------------------------------------------------


def test_below_two_thousand_by_mail_and_above_the_agent_first() -> None:
    """SCN-7 and 8: 1,999.99 takes the first, 2,000.00 the second; the mail 48 h after the notice."""
    small = run(Story().fill("1 10:00", price="1999.99"), whole(SI))
    assert told(small, "branch") == [(*lines("3 10:00 first sent due")[0], "small")]
    large = run(Story().fill("1 10:00", price="2000.00"), whole(SI))
    assert told(large) == lines("2 10:00 tell sent due", "4 10:00 second sent due")
    assert {line["branch"] for line in large.messages} == {"large"}
    assert [line["channel"] for line in large.messages] == ["agent", "email"]


def test_an_order_ends_the_wait_for_the_agent() -> None:
    """SCN-8, AGT-2: she buys within the 48 hours; the deal is won and the mail cancelled."""
    story = Story().fill("1 10:00", price="2000.00").order("3 12:00", cart_token="t")
    assert told(run(story, whole(SI))) == lines(
        "2 10:00 tell sent due", "3 12:00 second cancelled ordered"
    )


def test_money_in_another_currency_matches_nothing() -> None:
    """SCN-7, last sentence: the recovery is skipped, one line for it all."""
    outcome = run(Story().fill("1 10:00", currency="USD"), whole(SI))
    assert told(outcome, "branch", "channel", "to") == [
        (on("2 10:00"), None, "skipped currency_mismatch", None, None, None)
    ]
    in_dollars = {"cart_value": {"lt": "2000.00", "currency": "USD"}}
    either = whole(
        branches(
            (
                "euro",
                {"all": [{"currency": "EUR"}, {"cart_value": {"gte": "5"}}]},
                [step("a", "0h")],
            ),
            ("dollar", in_dollars, [step("b", "0h")]),
        )
    )
    assert told(run(Story().fill("1 10:00", currency="USD"), either)) == lines("2 10:00 b sent due")
    assert told(run(Story().fill("1 10:00"), either)) == lines("2 10:00 a sent due")


def test_a_branch_that_fits_comes_before_one_that_cannot_be_compared() -> None:
    """SCN-7: first branch that matches wins."""
    raw = whole(
        branches(
            ("wine", {"category": "wine"}, [step("a", "0h")]),
            ("large", {"cart_value": {"gte": "1.00"}}, [step("b", "0h")]),
        )
    )
    story = Story().fill("1 10:00", currency="USD", categories=["wine"])
    assert told(run(story, raw)) == lines("2 10:00 a sent due")


def test_no_branch() -> None:
    """contracts/scenario.md: a branch without `when` is everyone else; here there is none."""
    raw = whole(branches(("many", {"item_count": {"gte": 3}}, [step("a", "0h")])))
    assert told(run(Story().fill("1 10:00", "A B"), raw), "recovery") == [
        (on("2 10:00"), None, "skipped no_branch", 1)
    ]
    assert told(run(Story().fill("1 10:00", "A B C"), raw)) == lines("2 10:00 a sent due")


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({"item_count": 2}, True),
        ({"item_count": {"gt": 1, "lt": 3}}, True),
        ({"item_count": {"gt": 1, "lt": 2}}, False),
        ({"cart_value": {"eq": "20.00"}}, True),
        ({"cart_value": {"in": ["20", "30"]}}, True),
        ({"currency": {"ne": "USD"}}, True),
        ({"country": "GB"}, True),
        ({"country": {"in": ["IT", "DE"]}}, False),
        ({"language": "en"}, True),
        ({"consent.email": "granted"}, True),
        ({"consent.sms": "unknown"}, True),
        ({"category": "wine"}, True),
        ({"category": {"ne": "wine"}}, False),
        ({"category": {"in": ["beer", "gift"]}}, True),
        ({"sku": {"ne": "Z"}}, True),
        ({"customer": "new"}, True),
        ({"customer": {"ne": "returning"}}, True),
        ({"device": "mobile"}, True),
        ({"has_coupon": True}, False),
        ({"deal_stage": "confirmed"}, False),
        ({"deal_stage": {"ne": "confirmed"}}, True),
        ({"not": {"sku": "A"}}, False),
        ({"any": [{"sku": "Z"}, {"not": {"country": "IT"}}]}, True),
        ({"all": [{"sku": "A"}, {"any": [{"sku": "B"}, {"sku": "Z"}]}]}, True),
        ({"all": [{"sku": "A"}, {"sku": "Z"}]}, False),
        ({"sku": "A", "country": "IT"}, False),
    ],
)
def test_conditions(when: dict[str, Any], fits: bool) -> None:
    """scenario.md, "conditions": each field, each operator, joined by all, any, not."""
    contact = {**ADA, "locale": "en-GB", "address": {"lines": ["x"], "country": "GB"}}
    story = Story().fill("1 10:00", "A B", categories=["wine", "gift"], contact=contact)
    story.events[0]["user_agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)"
    raw = whole(branches(("it", when, [step("a", "0h")])), languages=MANY)
    assert reasons(story, raw) == ["due" if fits else "no_branch"]


MANY = {"mode": "multi", "default": "it", "list": ["it", "en"]}


@pytest.mark.parametrize(
    ("locale", "language"), [("en-GB", "en"), ("en", "en"), ("de-AT", "it"), (None, "it")]
)
def test_her_language(locale: str | None, language: str) -> None:
    """LNG-2: the fall-back chain ends at the scenario's default."""
    raw = whole(branches(("it", {"language": language}, [step("a", "0h")])), languages=MANY)
    assert reasons(Story().fill("1 10:00", contact={**ADA, "locale": locale}), raw) == ["due"]


def test_country_from_address_phone_or_shop() -> None:
    """Decided as for the zone: address, then the phone's region, then the shop's."""
    for country, contact in (
        ("GB", {"phone": "+81900", "address": {"lines": ["x"], "country": "GB"}}),
        ("JP", {"phone": "+81900"}),
        ("IT", {}),
    ):
        raw = whole(branches(("it", {"country": country}, [step("a", "0h")])))
        assert reasons(Story().fill("1 10:00", contact={**ADA, **contact}), raw) == ["due"]


def test_values_are_those_at_the_taking_up() -> None:
    """scenario.md: "Values are those at the moment the branch is chosen, which is the taking up"."""
    raw = whole(branches(("dear", {"cart_value": {"gte": "50.00"}}, [step("a", "0h")])))
    dearer = Story().fill("1 10:00").fill("1 20:00", price="60.00")  # a new price: no activity
    assert told(run(dearer, raw)) == lines("2 10:00 a sent due")
    too_late = Story().fill("1 10:00").fill("2 11:00", price="60.00")
    assert told(run(too_late, raw)) == [(on("2 10:00"), None, "skipped no_branch")]


# -- audience and hold-out --------------------------------------------------------------------


def test_only_people_who_never_bought() -> None:
    """SCN-6; what is turned away has one line, at the abandonment."""
    raw = scenario({"first": "0h"}, audience={"customers": "new"})
    assert reasons(Story().fill("1 10:00"), raw) == ["due"]
    assert told(run(Story().order("1 09:00").fill("1 10:00"), raw)) == [
        (on("2 10:00"), None, "skipped audience")
    ]


def test_only_people_who_have_not_bought_for_months() -> None:
    """SCN-6: N calendar months, counted from the latest order not cancelled to the abandonment."""
    audience = {"customers": "inactive", "inactive_for": "3mo"}
    raw = scenario({"first": "0h"}, audience=audience)
    for ordered, reason in (("7-2 10:00", "due"), ("7-2 10:01", "audience")):
        assert reasons(Story().order(ordered).fill("1 10:00"), raw) == [reason]
    assert reasons(Story().fill("1 10:00"), raw) == ["audience"]
    undone = Story().order("6-1 10:00").order("9-1 10:00", "o2")
    undone.tell("order.cancelled", "9-2 10:00", order={"id": "o2"})
    assert reasons(undone.fill("1 10:00"), raw) == ["due"]


def test_calendar_months() -> None:
    """scenario.md, durations: `3mo` (calendar months)."""
    at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert months_later(at, 3) == datetime(2027, 2, 28, 8, tzinfo=UTC)
    assert months_later(at, 1) == datetime(2026, 12, 30, 8, tzinfo=UTC)


def test_held_out() -> None:
    """SCN-17: by person, sticky, before the first message; the lot as scenario-file.md has it."""
    everyone = scenario(holdout=1.0)
    assert told(run(Story().fill("1 10:00"), everyone)) == [
        (on("2 10:00"), None, "skipped holdout")
    ]
    digest = sha256(b"holdout\nTest\nada@example.test").digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    assert is_drawn("Test", "ada@example.test", share + 0.001)
    assert not is_drawn("Test", "ada@example.test", share - 0.001)


def test_a_lot_is_drawn_once_a_person() -> None:
    """SCN-17, "sticky": she is drawn by her number, and an e-mail learnt later changes nothing."""
    name = next(
        n for n in map(str, range(99)) if is_drawn(n, "+393331", 0.5) != is_drawn(n, "e@x", 0.5)
    )
    raw = scenario({"first": "0h"}, name=name, holdout=0.5, legal_basis="any")
    her = {"customer_id": "c", "phone": "+393331"}
    story = Story().fill("1 10:00", contact=her)
    story.fill("5 10:00", token="u", contact={**her, "email": "e@x"})
    expected = ["holdout"] * 2 if is_drawn(name, "+393331", 0.5) else ["no_email", "due"]
    assert reasons(story, raw) == expected


# -- the rest ---------------------------------------------------------------------------------


def test_four_messages_and_a_purchase_after_the_first() -> None:
    """SCN-1 and 3: all that is still planned is cancelled."""
    raw = plan(
        *(step(name, after) for name, after in zip("abcd", ("4h", "2d", "5d", "7d"), strict=True))
    )
    outcome = run(Story().fill("1 10:00").order("3 08:00"), raw)
    assert [line["reason"] for line in outcome.messages] == ["due"] + ["ordered"] * 3
    assert states(outcome) == [("t", 1, "recovered")]


def test_devices() -> None:
    """events.md, "The device of a cart"."""
    for user_agent, device in (
        ("Mozilla/5.0 (Windows NT 10.0; Tablet PC 2.0)", "desktop"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Mobile Safari", "mobile"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X200) Safari", "tablet"),
        ("Mozilla/5.0 (Linux; Android TV 11)", "unknown"),
        ("curl/8", "unknown"),
    ):
        assert device_of(user_agent) == device


@pytest.mark.parametrize(
    "change",
    [
        {"legal_basis": "by_moon"},
        {"audience": {"segment": "x"}},
        {"steps": [step("a", "0h", coupon={"mint": {"percent": 10}})]},
        {"branches": [{"name": "b", "when": {"source": "x"}, "steps": [step("a", "0h")]}]},
    ],
)
def test_what_it_does_not_read_is_refused(change: dict[str, Any]) -> None:
    """Its own promise: aloud, never by a guess."""
    with pytest.raises(BeyondOracle):
        understand({**scenario(), **change})
