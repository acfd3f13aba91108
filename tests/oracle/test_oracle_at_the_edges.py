"""The oracle where events come late, twice or broken; and as a whole."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.foreign import FOREIGN

from .generate import NASTY, generate
from .reading import simulate
from .scenario_reading import read_scenario, understand
from .telling import ADA, Story, lines, on, run, scenario, states, told

OTTO = FOREIGN / "otto" / "events.jsonl"

# -- late, twice, broken ----------------------------------------------------------------------


def test_late_news_of_a_cart_is_stale_after_three_days() -> None:
    """stale_after 72h: more than that late is skipped, exactly that goes (SCN-11)."""
    late = run(Story().fill("1 10:00", received="5 10:00:01"), until="10 00:00")
    assert told(late) == lines(
        "5 10:00:01 first skipped stale", "5 10:00:01 second sent due", "9 10:00 third sent due"
    )
    assert late.carts[0]["abandoned_at"] == [on("2 10:00")]
    one = scenario({"first": "0h"})
    assert told(run(Story().fill("1 10:00", received="5 10:00"), one)) == lines(
        "5 10:00 first sent due"
    )


def test_late_activity_refolds_and_undoes_no_message() -> None:
    """scenario.md: "refolds its cart when it arrives, and never undoes what was sent"."""
    story = Story().fill("1 10:00").fill("1 20:00", "A B", received="2 12:00")
    outcome = run(story, until="3 00:00")
    assert told(outcome) == lines(
        "2 10:00 first sent due",
        "2 12:00 second cancelled reopened",
        "2 12:00 third cancelled reopened",
        "2 20:00 first sent due",
    )
    assert outcome.carts[0]["abandoned_at"] == [on("2 20:00")]


def test_a_late_order_closes_where_it_happened() -> None:
    """CAP-6: "may arrive before, after, twice, or without its cart; the result is the same"."""
    story = Story().fill("1 10:00").order("1 12:00", received="2 12:00", cart_token="t")
    outcome = run(story.order("1 12:00", received="5 00:00", cart_token="t"))
    assert [line["reason"] for line in outcome.messages] == ["due", "ordered", "ordered"]
    assert states(outcome) == [("t", 1, "ordered")]
    assert outcome.carts[0]["abandoned_at"] == []


def test_a_cart_that_arrives_after_its_order() -> None:
    """The same sentence of CAP-6, the other way round."""
    story = Story().order("1 12:00", cart_token="t").fill("1 10:00", received="3 00:00")
    outcome = run(story)
    assert (outcome.messages, states(outcome)) == ([], [("t", 1, "ordered")])


def test_duplicates_and_bad_lines() -> None:
    """events.md: the same id twice is the same event; a bad event never takes its neighbours."""
    good = json.dumps(Story().fill("1 10:00").events[0])
    bad = ['{"id": "x"', "[]", '{"id": "y", "type": "cart.viewed", "occurred_at": "2026-10-01"}']
    outcome = simulate([good, *bad, good, ""], understand(scenario()))
    intake = outcome.intake
    assert (len(intake.events), intake.duplicates, len(intake.rejected)) == (1, 1, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": "x" * 201},
        {"type": "cart.lost"},
        {"occurred_at": "2026-02-30T10:00:00Z"},
        {"occurred_at": "2026-10-01T10:00:00"},
        {"cart": {"items": []}},
        {"cart": {"token": "t"}},
        {"cart": {"token": "t", "items": [{"sku": "A", "quantity": 1, "unit_price": 9.9}]}},
        {"contact": {"email": "a@b.test\u0000"}},
        {"type": "contact.identified", "visitor_id": "v", "contact": {}},
        {"type": "consent.changed", "contact": {"email": "a@b.test"}},
        {"type": "order.placed", "order": {"id": "o", "currency": "EUR"}},
        {"type": "order.cancelled"},
        {"type": "order.refunded", "refund": {"id": "r", "order_id": "o", "amount": "1"}},
    ],
)
def test_what_each_type_needs(change: dict[str, Any]) -> None:
    """events.md, the column "needs"."""
    line = json.dumps({**Story().fill("1 10:00").events[0], **change})
    assert len(simulate([line], None).intake.rejected) == 1


# -- generations, cancellations, uncounted orders ---------------------------------------------


def test_a_token_used_again_after_its_order() -> None:
    """architecture.md: a token used again after its order starts a new generation."""
    story = Story().fill("1 10:00").order("3 10:00", cart_token="t")
    story.on_cart("checkout.left", "3 11:00").fill("3 12:00")
    outcome = run(story, until="5 00:00")
    assert states(outcome) == [("t", 1, "recovered"), ("t", 2, "abandoned")]
    assert [line["recovery"] for line in outcome.messages] == [1, 1, 1, 2]
    assert outcome.carts[1]["abandoned_at"] == [on("4 12:00")]


@pytest.mark.parametrize("how", ["cancelled", "refunded"])
def test_cancelling_makes_it_abandoned_again_without_reminders(how: str) -> None:
    """CAP-7."""
    story = Story().fill("1 10:00").order("3 08:00", cart_token="t")
    if how == "cancelled":
        story.tell("order.cancelled", "3 09:00", order={"id": "o1"})
    else:
        for number, amount in (("r1", "4.00"), ("r1", "4.00"), ("r2", "6.00")):
            refund = {"id": number, "order_id": "o1", "amount": amount, "currency": "EUR"}
            story.tell("order.refunded", "3 09:00", refund=refund)
    outcome = run(story, until="20 00:00")
    assert [line["reason"] for line in outcome.messages] == ["due", "ordered", "ordered"]
    (cart,) = outcome.carts
    assert (cart["state"], cart["order"], cart["recovered_at"]) == ("abandoned", None, None)


def test_a_part_refund_and_an_order_without_abandonment_change_nothing() -> None:
    """CAP-7: a part refund lowers the value alone; decided: ordered stays ordered."""
    refund = {"id": "r", "order_id": "o1", "amount": "9.99", "currency": "EUR"}
    part = Story().fill("1 10:00").order("3 08:00", cart_token="t")
    assert states(run(part.tell("order.refunded", "3 09:00", refund=refund)))[0][2] == "recovered"
    early = Story().fill("1 10:00").order("1 11:00", cart_token="t")
    early.tell("order.cancelled", "1 12:00", order={"id": "o1"})
    assert states(run(early))[0][2] == "ordered"


def test_orders_that_count_nowhere() -> None:
    """CAP-9; decided: a test order that names the cart makes its messages `test_order`."""
    for uncounted in ({"test": True}, {"origin": "draft"}, {"origin": "renewal"}):
        story = Story().fill("1 10:00").order("1 12:00", cart_token="t", **uncounted)
        reasons = {line["reason"] for line in run(story).messages}
        assert reasons == {"test_order" if "test" in uncounted else "due"}
    staff = Story().fill("1 10:00").order("1 12:00", cart_token="t", origin="staff")
    assert states(run(staff)) == [("t", 1, "ordered")]


# -- who is who -------------------------------------------------------------------------------


def test_guest_who_registers_is_one_person() -> None:
    """CUS-1; the join by one token seen with one e-mail and one customer id."""
    story = Story().fill("1 10:00").on_cart("cart.viewed", "1 11:00", contact={"customer_id": "c"})
    story.fill("1 12:00", token="u", contact={"customer_id": "c"})
    story.order("1 13:00", contact={"customer_id": "c"})
    outcome = run(story)
    assert states(outcome) == [("t", 1, "closed"), ("u", 1, "ordered")]
    assert {line["contact"] for line in outcome.carts} == {"ada@example.test"}


def test_the_visitors_cart_is_whose_she_says_first_after() -> None:
    """Decided: the first to say who she is after the cart's beginning, else the latest before."""
    bob, cleo = {"email": "bob@example.test"}, {"email": "cleo@example.test"}
    before = Story().tell("contact.identified", "1 08:00", visitor_id="v", contact=bob)
    before.fill("1 10:00", contact=None, visitor_id="v")
    assert run(before).carts[0]["contact"] == "bob@example.test"
    before.tell("contact.identified", "1 11:00", visitor_id="v", contact=cleo)
    assert run(before).carts[0]["contact"] == "cleo@example.test"


def test_two_addresses_on_one_token_join_nobody() -> None:
    """Decided: exactly one e-mail and exactly one customer id, or no join."""
    story = Story().fill("1 10:00").on_cart("cart.viewed", "1 11:00", contact={"customer_id": "c"})
    story.on_cart("cart.viewed", "1 12:00", contact={"email": "bob@example.test"})
    story.fill("1 13:00", token="u", contact={"customer_id": "c"})
    assert {line["cart"]: line["contact"] for line in run(story).carts} == {
        "t": "bob@example.test",
        "u": "c",
    }


def test_of_several_identifications_before_the_latest() -> None:
    """The same decision: "else the latest before"; one at the beginning itself comes first."""
    story = Story()
    for day, name in (("1 07:00", "ada"), ("1 08:00", "bob")):
        contact = {"email": f"{name}@example.test"}
        story.tell("contact.identified", day, visitor_id="v", contact=contact)
    story.fill("1 10:00", contact=None, visitor_id="v")
    assert run(story).carts[0]["contact"] == "bob@example.test"
    cleo = {"email": "cleo@example.test"}
    story.tell("contact.identified", "1 10:00", visitor_id="v", contact=cleo)
    story.tell("contact.identified", "1 11:00", visitor_id="v", contact=ADA)
    assert run(story).carts[0]["contact"] == "cleo@example.test"


def test_an_agent_makes_her_reachable() -> None:
    """CAP-3: e-mail, phone, postal address or agent; CNS-4: no address, no mail."""
    contact = {"customer_id": "c", "agent": "bruno@shop.test"}
    outcome = run(Story().fill("1 10:00", contact=contact), until="3 00:00")
    assert outcome.carts[0]["abandoned_at"] == [on("2 10:00")]
    assert told(outcome) == lines("2 10:00 first skipped no_email")


# -- orders, once more ------------------------------------------------------------------------


def test_an_order_leaves_other_people_alone() -> None:
    """CAP-6: only carts that share a key with it."""
    bob = {"email": "bob@example.test"}
    story = Story().fill("1 10:00").fill("1 10:00", token="u", contact=bob)
    story.order("2 11:00", cart_token="u", contact=bob)
    assert states(run(story, until="3 00:00")) == [("t", 1, "abandoned"), ("u", 1, "recovered")]


def test_an_order_under_another_address_closes_her_other_carts_too() -> None:
    """CAP-6: the named cart says who bought; "her other … carts become closed"."""
    story = Story().fill("1 10:00").fill("1 11:00", token="u")
    story.order("1 12:00", cart_token="u", contact={"email": "bob@example.test"})
    outcome = run(story)
    assert states(outcome) == [("t", 1, "closed"), ("u", 1, "ordered")]
    assert outcome.carts[1]["contact"] == "ada@example.test"


def test_named_after_the_order_but_begun_before_it() -> None:
    """Choice O5: a key the cart gets before it is next filled counts; from then on it is in use."""
    named = Story().fill("1 10:00", contact=None).order("1 11:00")
    named.on_cart("contact.identified", "1 12:00")
    named.fill("1 13:00", "B", contact=None).fill("1 14:00", "C", contact=None)
    assert states(run(named, until="3 00:00")) == [("t", 1, "ordered"), ("t", 2, "abandoned")]
    filled = Story().fill("1 10:00", contact=None).order("1 11:00").fill("1 12:00", "B")
    assert states(run(filled, until="3 00:00")) == [("t", 1, "abandoned")]
    in_use = Story().fill("1 10:00", contact=None).order("1 11:00")
    in_use.fill("1 12:00", "B", contact=None).on_cart("contact.identified", "1 12:30")
    in_use.fill("1 13:00", "C", contact=None)
    assert states(run(in_use, until="3 00:00")) == [("t", 1, "abandoned")]


def test_only_a_filled_cart_begins_a_generation() -> None:
    """Decided: other events after the order are ignored; a filled one goes on as one generation."""
    story = Story().fill("1 10:00").order("1 11:00", cart_token="t")
    story.on_cart("checkout.left", "1 12:00").on_cart("cart.emptied", "1 12:30")
    assert states(run(story)) == [("t", 1, "ordered")]
    story.fill("1 13:00").on_cart("checkout.started", "1 14:00").fill("1 15:00", "B")
    assert states(run(story, until="2 00:00")) == [("t", 1, "ordered"), ("t", 2, "open")]


def test_the_newest_abandonment_counts_not_the_first() -> None:
    """CAP-6: "the newest abandoned one is recovered"; CAP-5: expired 30 days after the latest."""
    story = Story().fill("1 10:00", token="a").fill("1 12:00", token="b")
    story.fill("3 10:00", "A B", token="a")
    expired = run(story)
    assert states(expired) == [("a", 1, "expired"), ("b", 1, "expired")]
    assert states(run(story.order("5 00:00"))) == [("a", 1, "recovered"), ("b", 1, "closed")]


def test_the_instant_of_expiry_is_still_in_time() -> None:
    """Choice C6; by person alone an expired cart is not touched, by name it is (O2)."""
    in_time = Story().fill("1 10:00").order("11-1 10:00", contact=ADA)
    assert states(run(in_time)) == [("t", 1, "recovered")]
    too_late = Story().fill("1 10:00").order("11-1 10:01", contact=ADA)
    assert states(run(too_late)) == [("t", 1, "expired")]
    by_name = Story().fill("1 10:00").order("11-1 10:01", cart_token="t")
    assert states(run(by_name)) == [("t", 1, "recovered")]


def test_a_cancellation_before_its_order() -> None:
    """CAP-6: an order may arrive after; choice O7: it takes effect at the order."""
    story = Story().fill("1 10:00").tell("order.cancelled", "3 07:00", order={"id": "o1"})
    story.order("3 08:00", cart_token="t").order("3 09:00", "o2")
    assert [line["reason"] for line in run(story).messages] == ["due", "ordered", "ordered"]
    (cart,) = run(story).carts
    assert (cart["state"], cart["order"]) == ("recovered", "o2")


# -- refusals and gates, once more ------------------------------------------------------------


def test_what_does_not_unsubscribe() -> None:
    """Only an effective consent.changed of hers that says denied cancels."""
    no = {"consent": {"email": "denied"}}
    story = Story().fill("1 10:00").tell("consent.changed", "2 11:00", contact=ADA)
    story.tell("consent.changed", "2 12:00", contact={"email": "bob@example.test", **no})
    story.tell("consent.changed", "1 09:00", received="2 13:00", contact={**ADA, **no})
    assert [line["reason"] for line in run(story).messages] == ["due"] * 3
    story.on_cart("cart.viewed", "2 14:00", contact={**ADA, **no})
    reasons = [line["reason"] for line in run(story).messages]
    assert reasons == ["due", "no_consent", "no_consent"]


def test_overtaken_means_due_later() -> None:
    """Choice M3, at its edges: due at one instant both go, however late."""
    both = scenario({"first": "0h", "second": "0h"})
    assert told(run(Story().fill("1 10:00", received="2 20:00"), both)) == lines(
        "2 20:00 first sent due", "2 20:00 second sent due"
    )
    night = {"email": {"from": "09:00", "until": "20:00"}}
    edge = scenario({"first": "0h", "second": "2h"}, quiet_hours=night)
    assert told(run(Story().fill("1 05:00"), edge)) == lines(
        "2 05:00 first held quiet_hours", "2 07:00 first sent due", "2 07:00 second sent due"
    )


def test_the_gap_is_measured_from_the_latest_step() -> None:
    """SCN-4: least time between two steps to the same person, of whatever cart."""
    raw = scenario({"first": "0h"}, on_second_cart="each", limits={"not_more_often_than": "24h"})
    story = Story().fill("1 10:00", token="a").fill("2 11:00", token="b")
    story.fill("3 00:00", token="c")
    assert told(run(story, raw), "cart") == [
        (*lines("2 10:00 first sent due")[0], "a"),
        (*lines("3 11:00 first sent due")[0], "b"),
        (*lines("4 00:00 first held cap")[0], "c"),
        (*lines("4 11:00 first sent due")[0], "c"),
    ]


def test_quiet_hours_over_midnight_and_until_is_inclusive() -> None:
    """scenario.md: from ≤ t < until, also where the window spans midnight; choice T2."""
    raw = scenario({"first": "0h"}, quiet_hours={"email": {"from": "20:00", "until": "06:00"}})
    for left, held in (("1 18:00", False), ("1 03:59", False), ("1 04:00", True)):
        outcome = run(Story().fill(left), raw, until="2 18:00")
        assert [line["outcome"] for line in outcome.messages][:1] == ["held" if held else "sent"]
        assert outcome.messages[-1]["outcome"] == "sent"


# -- the oracle as a whole --------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_order_and_repetition_of_the_lines_do_not_matter(seed: int) -> None:
    """scenario.md: byte-identical however the events were shuffled or repeated in the file."""
    file = [json.dumps(event) for event in generate(seed, 40)]
    again = file + file[:10]
    random.Random(seed).shuffle(again)
    one, other = (simulate(each, understand(scenario())) for each in (file, again))
    assert one.intake.rejected == []
    assert (one.messages, one.carts) == (other.messages, other.carts)


@pytest.mark.parametrize("nastiness", NASTY)
def test_the_generator_can_leave_one_nastiness_out(nastiness: str) -> None:
    """And what it makes is valid either way."""
    for seed in range(3):
        file = [json.dumps(event) for event in generate(seed, 30, without=[nastiness])]
        assert simulate(file, understand(scenario())).intake.rejected == []


@pytest.mark.foreign
def test_the_otto_sample() -> None:
    """Counted by hand from the sample's 52 cart.updated and 5 order.placed events."""
    three = read_scenario(Path(__file__).parent / "three_steps.yaml")
    outcome = simulate(OTTO.read_text(encoding="utf-8").splitlines(), three)
    reasons = [line["reason"] for line in outcome.messages]
    assert (reasons.count("due"), reasons.count("reopened"), len(reasons)) == (29, 4, 33)
    by_cart = {line["cart"]: line for line in outcome.carts}
    assert sorted(t for t in by_cart if by_cart[t]["state"] == "ordered") == [
        "otto-0-0",
        "otto-3-0",
        "otto-3-1",
    ]
    assert by_cart["otto-0-1"]["abandoned_at"] == [
        "2022-08-06T14:35:57.188Z",
        "2022-08-25T21:44:27.092Z",
    ]
    assert by_cart["otto-0-1"]["recovered_at"] == "2022-08-26T22:29:00.651Z"
