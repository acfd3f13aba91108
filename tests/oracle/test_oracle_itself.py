"""The oracle against examples worked out by hand, each from a line of the contract.

Instants are in October 2026 unless a month is said, in UTC; Rome is two hours ahead until the
25th, one hour from then on.
"""

from datetime import timedelta

import pytest

from .scenario_reading import BeyondOracle, duration
from .telling import ADA, Story, lines, on, run, scenario, states, told

# -- idle and abandonment ---------------------------------------------------------------------


def test_taken_up_to_the_second_a_day_later() -> None:
    """scenario.md: "last touched at 15:02:11 … is taken up at 15:02:11 the next day"."""
    outcome = run(Story().fill("3 15:02:11"), until="13 00:00")
    assert told(outcome) == lines(
        "4 15:02:11 first sent due", "6 15:02:11 second sent due", "11 15:02:11 third sent due"
    )
    assert outcome.carts[0]["abandoned_at"] == [on("4 15:02:11")]
    assert outcome.carts[0]["state"] == "abandoned"


def test_a_line_has_the_keys_of_the_contract_in_their_order() -> None:
    """scenario.md, messages.jsonl and carts.jsonl."""
    outcome = run(Story().fill("1 10:00"), until="3 00:00")
    assert list(outcome.messages[0].items()) == [
        ("at", on("2 10:00")),
        ("cart", "t"),
        ("recovery", 1),
        ("contact", "ada@example.test"),
        ("scenario", "Test"),
        ("branch", "main"),
        ("step", "first"),
        ("channel", "email"),
        ("outcome", "sent"),
        ("reason", "due"),
        ("to", "ada@example.test"),
        ("subject", None),
    ]
    assert list(outcome.carts[0].items()) == [
        ("cart", "t"),
        ("generation", 1),
        ("contact", "ada@example.test"),
        ("state", "abandoned"),
        ("abandoned_at", [on("2 10:00")]),
        ("recovered_at", None),
        ("order", None),
        ("cause", None),
    ]


def test_a_look_and_the_same_items_again_do_not_restart_the_clock() -> None:
    """events.md: cart.viewed never; cart.updated only if product, variant or quantity differ."""
    story = Story().fill("1 10:00", "A B").fill("1 20:00", "B A").on_cart("cart.viewed", "2 09:00")
    assert run(story).carts[0]["abandoned_at"] == [on("2 10:00")]


def test_moving_to_checkout_and_back_restarts_the_clock() -> None:
    """events.md: checkout.started / checkout.left "Both restart the idle clock"."""
    story = Story().fill("1 10:00").on_cart("checkout.started", "1 12:00")
    story.on_cart("checkout.left", "1 13:00")
    assert run(story).carts[0]["abandoned_at"] == [on("2 13:00")]


def test_activity_at_the_very_instant_is_in_time() -> None:
    """Decided: an activity or order exactly at the abandonment instant counts as in time."""
    outcome = run(Story().fill("1 10:00").fill("2 10:00", "B"), until="4 00:00")
    assert outcome.carts[0]["abandoned_at"] == [on("3 10:00")]
    bought = run(Story().fill("1 10:00").order("2 10:00", cart_token="t"))
    assert (bought.messages, states(bought)) == ([], [("t", 1, "ordered")])
    assert (bought.carts[0]["recovered_at"], bought.carts[0]["cause"]) == (None, None)


def test_the_shop_may_call_it_abandoned_sooner_than_the_scenario() -> None:
    """CAP-3: abandoned after the shop's hour, taken up after the scenario's day."""
    story = Story().fill("1 10:00").fill("1 14:00", "B")
    outcome = run(story, abandoned_after=timedelta(hours=1), until="3 00:00")
    assert outcome.carts[0]["abandoned_at"] == [on("1 11:00"), on("1 15:00")]
    assert told(outcome) == lines("2 14:00 first sent due")
    with pytest.raises(BeyondOracle):
        run(story, abandoned_after=timedelta(hours=25))


def test_reachable_only_later() -> None:
    """CAP-3: "abandoned at the later of the two instants"; identification restarts nothing."""
    story = Story().fill("1 10:00", contact=None, visitor_id="v")
    story.tell("contact.identified", "4 08:00", visitor_id="v", contact=ADA)
    outcome = run(story, until="5 00:00")
    assert outcome.carts[0]["abandoned_at"] == [on("4 08:00")]
    assert told(outcome) == lines("4 08:00 first sent due")


def test_nobody_reachable_nothing_abandoned() -> None:
    """CAP-3: "someone reachable (e-mail, phone, postal address or agent) is behind it"."""
    outcome = run(Story().fill("1 10:00", contact={"customer_id": "c1"}))
    assert (outcome.messages, states(outcome)) == ([], [("t", 1, "open")])
    assert outcome.carts[0]["contact"] == "c1"


def test_trigger_tells_carts_from_checkouts() -> None:
    """CAP-2: the latest of started and left decides."""
    story = Story().fill("1 10:00").on_cart("checkout.started", "1 11:00")
    carts_only = scenario(trigger={"on": "cart", "idle": "24h"})
    assert run(story, carts_only).messages == []
    story.on_cart("checkout.left", "1 12:00")
    assert told(run(story, carts_only, until="3 00:00")) == lines("2 12:00 first sent due")


def test_a_cart_row_needs_more_than_a_look() -> None:
    """Decided: cart.viewed and contact.identified alone make no row."""
    story = Story().on_cart("cart.viewed", "1 10:00").on_cart("contact.identified", "1 11:00")
    assert run(story).carts == []
    assert states(run(story.on_cart("checkout.started", "1 12:00"))) == [("t", 1, "open")]


def test_expired_thirty_days_after_the_abandonment() -> None:
    """CAP-5: expired, 30 days after abandonment; the clock runs until nothing is due."""
    slow = scenario({"first": "0h", "last": "31d"})
    outcome = run(Story().fill("1 10:00"), slow)
    assert told(outcome) == lines("2 10:00 first sent due", "11-1 10:00 last cancelled expired")
    assert states(outcome) == [("t", 1, "expired")]


# -- the ends of a plan -----------------------------------------------------------------------


def test_reopened_and_left_again_starts_again() -> None:
    """scenario.md: activity cancels what is planned (`reopened`); restart is the default."""
    outcome = run(Story().fill("1 10:00").fill("3 09:00", "A B"), until="5 00:00")
    assert told(outcome, "recovery") == [
        (*line, number)
        for line, number in zip(
            lines(
                "2 10:00 first sent due",
                "3 09:00 second cancelled reopened",
                "3 09:00 third cancelled reopened",
                "4 09:00 first sent due",
            ),
            (1, 1, 1, 2),
            strict=True,
        )
    ]
    assert outcome.carts[0]["abandoned_at"] == [on("2 10:00"), on("4 09:00")]


def test_on_reabandon_ignore() -> None:
    """scenario.md: `ignore`: what was cancelled stays cancelled."""
    story = Story().fill("1 10:00").fill("3 09:00", "A B")
    outcome = run(story, scenario(on_reabandon="ignore"), until="9 00:00")
    assert [line["reason"] for line in outcome.messages] == ["due", "reopened", "reopened"]
    assert len(outcome.carts[0]["abandoned_at"]) == 2


def test_bought_by_name_after_the_first_reminder() -> None:
    """SCN-3, CAP-5: all that is still planned is cancelled; the cart is recovered."""
    outcome = run(Story().fill("1 10:00").order("3 08:00", cart_token="t", contact=None))
    assert told(outcome) == lines(
        "2 10:00 first sent due",
        "3 08:00 second cancelled ordered",
        "3 08:00 third cancelled ordered",
    )
    (cart,) = outcome.carts
    assert (cart["state"], cart["order"], cart["cause"]) == ("recovered", "o1", "own")
    assert cart["recovered_at"] == on("3 08:00")


def test_reopened_and_then_bought_is_recovered() -> None:
    """CAP-5: "Reopened and then bought is recovered"."""
    story = Story().fill("1 10:00").fill("2 12:00", "B").order("2 13:00", cart_token="t")
    assert states(run(story)) == [("t", 1, "recovered")]


def test_by_person_alone_the_newest_abandoned_and_the_rest_closed() -> None:
    """CAP-6, last sentence; the older plan had been superseded by then."""
    story = Story().fill("1 10:00", token="a").fill("1 11:00", token="b")
    story.fill("3 09:00", token="c").order("3 10:00")
    outcome = run(story)
    assert states(outcome) == [("a", 1, "closed"), ("b", 1, "recovered"), ("c", 1, "closed")]
    assert {line["order"] for line in outcome.carts} == {"o1"}


def test_by_person_alone_the_newest_open_where_none_is_abandoned() -> None:
    """CAP-6: "or, if none is, the newest open one is ordered"."""
    story = Story().fill("1 10:00", token="a").fill("1 11:00", token="b").order("1 12:00")
    assert states(run(story)) == [("a", 1, "closed"), ("b", 1, "ordered")]


def test_an_order_of_another_cart_closes_this_one() -> None:
    """CAP-6: her other open or abandoned carts become closed; reason `closed`."""
    story = Story().fill("1 10:00").fill("2 11:00", token="u").order("2 12:00", cart_token="u")
    outcome = run(story)
    assert told(outcome)[1:] == lines(
        "2 12:00 second cancelled closed", "2 12:00 third cancelled closed"
    )
    assert states(outcome) == [("t", 1, "closed"), ("u", 1, "ordered")]


def test_an_order_closes_only_carts_begun_before_it() -> None:
    """CAP-6; decided: begun_at <= the order's instant."""
    late_cart = Story().order("1 09:00").fill("1 10:00")
    assert run(late_cart).carts[0]["state"] == "expired"
    same_instant = Story().order("1 10:00").fill("1 10:00")
    assert run(same_instant).carts[0]["state"] == "ordered"


def test_a_phone_number_closes_but_does_not_merge() -> None:
    """CAP-6 names the phone among the keys; CUS-1: alone it never merges two people."""
    hers = {**ADA, "phone": "+393331"}
    story = Story().fill("1 10:00", contact=hers).order("1 12:00", contact={"phone": "+393331"})
    assert states(run(story)) == [("t", 1, "ordered")]
    shared = Story().fill("1 10:00", contact=hers)
    shared.fill("1 11:00", token="u", contact={"email": "bob@example.test", "phone": "+393331"})
    assert [line["contact"] for line in run(shared).carts] == [
        "ada@example.test",
        "bob@example.test",
    ]


def test_checkout_id_names_the_cart() -> None:
    """CAP-6: "By token or checkout id that cart is recovered or ordered"."""
    cart = {"token": "t", "checkout_id": "k"}
    story = Story().fill("1 10:00").tell("checkout.started", "1 11:00", cart=cart)
    story.order("1 12:00", checkout_id="k", contact=None)
    assert states(run(story)) == [("t", 1, "ordered")]


def test_emptied() -> None:
    """CAP-7: emptying a cart ends its recovery; an empty update is the same."""
    for empty in (
        Story().fill("1 10:00").on_cart("cart.emptied", "3 00:00"),
        Story().fill("1 10:00").fill("3 00:00", ""),
    ):
        outcome = run(empty)
        assert told(outcome)[1] == lines("3 00:00 second cancelled emptied")[0]
        assert states(outcome) == [("t", 1, "emptied")]


def test_the_newest_cart_wins() -> None:
    """scenario.md: the older plan is cancelled (`superseded`); `each` turns that off."""
    story = Story().fill("1 10:00").fill("1 16:00", token="u")
    superseded = run(story, until="3 00:00")
    assert told(superseded, "cart") == [
        (*lines("2 10:00 first sent due")[0], "t"),
        (*lines("2 16:00 second cancelled superseded")[0], "t"),
        (*lines("2 16:00 third cancelled superseded")[0], "t"),
        (*lines("2 16:00 first sent due")[0], "u"),
    ]
    each = run(story, scenario(on_second_cart="each"), until="3 00:00")
    assert [line["cart"] for line in each.messages] == ["t", "u"]


def test_unsubscribed_while_under_way_and_before() -> None:
    """CNS-2; decided: under way cancels at that instant, before is skipped when due."""
    refusal = {"email": "ada@example.test", "consent": {"email": "denied"}}
    under_way = Story().fill("1 10:00").tell("consent.changed", "2 11:00", contact=refusal)
    assert told(run(under_way))[1:] == lines(
        "2 11:00 second cancelled unsubscribed", "2 11:00 third cancelled unsubscribed"
    )
    before = Story().tell("consent.changed", "1 09:00", contact=refusal).fill("1 10:00")
    assert [line["reason"] for line in run(before).messages] == ["no_consent"] * 3


def test_a_refusal_yields_only_to_her_own_newer_word() -> None:
    """architecture.md, Folding: "never to what a cart happens to carry"."""
    refusal = {"email": "ada@example.test", "consent": {"email": "denied"}}
    story = Story().tell("consent.changed", "1 09:00", contact=refusal).fill("1 10:00")
    story.tell("consent.changed", "3 00:00", contact=ADA)
    assert told(run(story, until="9 11:00")) == lines(
        "2 10:00 first skipped no_consent", "4 10:00 second sent due", "9 10:00 third sent due"
    )


def test_consent_policies() -> None:
    """scenario.md, simulate: recorded unless said otherwise."""
    story = Story().fill("1 10:00", contact={"email": "ada@example.test"})
    assert {line["reason"] for line in run(story).messages} == {"no_consent"}
    assert {line["reason"] for line in run(story, consent_policy="any").messages} == {"due"}
    assert {line["reason"] for line in run(story, scenario(legal_basis="any")).messages} == {"due"}


def test_no_address_for_mail() -> None:
    """CNS-4 turned to e-mail; `contact` is the e-mail, else the phone."""
    outcome = run(Story().fill("1 10:00", contact={"phone": "+393331"}), consent_policy="any")
    assert {(line["reason"], line["contact"], line["to"]) for line in outcome.messages} == {
        ("no_email", "+393331", None)
    }


# -- caps, orders, quiet hours ----------------------------------------------------------------


def test_not_more_often_than_holds_back() -> None:
    """SCN-4: it holds the message back; scenario.md: held and later sent both have a line."""
    capped = scenario({"first": "0h", "second": "1h"}, limits={"not_more_often_than": "24h"})
    assert told(run(Story().fill("1 10:00"), capped)) == lines(
        "2 10:00 first sent due", "2 11:00 second held cap", "3 10:00 second sent due"
    )


def test_at_most_so_many_in_thirty_days() -> None:
    """scenario.md, limits; held until the first is thirty days old; the last step goes."""
    capped = scenario({"a": "0h", "b": "1d", "c": "2d"}, limits={"max_messages_per_30d": 2})
    story = Story().fill("1 10:00")
    assert told(run(story, capped, until="30 00:00")) == lines(
        "2 10:00 a sent due", "3 10:00 b sent due", "4 10:00 c held cap"
    )
    patient = {**capped, "stale_after": "30d"}
    story.fill("20 10:00", "A B")  # left again; her first mail is thirty days old on 1 November
    assert told(run(story, patient))[3:] == lines(
        "20 10:00 c cancelled reopened",
        "21 10:00 a held cap",
        "22 10:00 b held cap",
        "23 10:00 c held cap",
        "11-1 10:00 a sent due",
        "11-1 10:00 b held cap",
        "11-1 10:00 c held cap",
        "11-2 10:00 b sent due",
        "11-2 10:00 c held cap",
        "11-20 10:00 c cancelled expired",
    )


def test_not_after_an_order() -> None:
    """SCN-5: a step that falls into it is skipped, recent_order; the end of it is outside."""
    quiet = scenario({"first": "0h", "second": "5d"}, limits={"not_after_order": "7d"})
    story = Story().order("1 09:00").fill("2 09:00")
    assert told(run(story, quiet)) == lines(
        "3 09:00 first skipped recent_order", "8 09:00 second sent due"
    )


ROME_DAYTIME = {"email": {"from": "09:00", "until": "20:00"}}


def test_quiet_hours_worked_example() -> None:
    """SCN-9: left at 17:00, 4 h after leaving would be 21:00, goes at 09:00 the next day."""
    raw = scenario(trigger={"on": "any", "idle": "4h"}, quiet_hours=ROME_DAYTIME)
    raw["steps"] = [{"id": "first", "after": "4h", "from": "left", "send": ["email"]}]
    assert told(run(Story().fill("1 15:00"), raw)) == lines(
        "1 19:00 first held quiet_hours", "2 07:00 first sent due"
    )


@pytest.mark.parametrize(
    ("left", "due", "opens"),
    [
        ("23 18:30", "24 18:30", "25 08:00"),  # clocks go back in the night: 09:00 is 08:00 UTC
        ("3-27 19:30", "3-28 19:30", "3-29 07:00"),  # and forward: 09:00 is 07:00 UTC
    ],
)
def test_quiet_hours_over_days_on_which_clocks_jump(left: str, due: str, opens: str) -> None:
    """SCN-9: "DST days included"."""
    raw = scenario({"first": "0h"}, quiet_hours=ROME_DAYTIME)
    assert told(run(Story().fill(left), raw)) == lines(
        f"{due} first held quiet_hours", f"{opens} first sent due"
    )


def test_an_opening_that_the_clock_jumps_over() -> None:
    """02:30 does not exist on 29 March in Rome: the first allowed instant is 03:00, 01:00 UTC."""
    raw = scenario({"first": "0h"}, quiet_hours={"email": {"from": "02:30", "until": "03:30"}})
    assert told(run(Story().fill("3-27 20:00"), raw))[-1] == lines("3-29 01:00 first sent due")[0]


def test_quiet_hours_are_the_recipients_and_half_open() -> None:
    """scenario.md: from ≤ t < until; SCN-9: profile → address → phone region → shop."""
    raw = scenario({"first": "0h"}, quiet_hours=ROME_DAYTIME)
    tokyo = {**ADA, "timezone": "Asia/Tokyo", "address": {"lines": ["x"], "country": "GB"}}
    london = {**ADA, "address": {"lines": ["x"], "country": "GB"}}
    assert told(run(Story().fill("1 23:59", contact=tokyo), raw)) == lines(
        "2 23:59 first held quiet_hours", "3 00:00 first sent due"
    )
    assert told(run(Story().fill("1 00:00", contact=tokyo), raw)) == lines("2 00:00 first sent due")
    assert told(run(Story().fill("1 18:30", contact=london), raw)) == lines(
        "2 18:30 first sent due"
    )
    assert told(run(Story().fill("1 18:00"), raw))[0][2] == "held quiet_hours"


def test_a_held_step_does_not_push_the_later_ones() -> None:
    """scenario.md: "a step held back by quiet hours or a cap does not push the later ones"."""
    raw = scenario({"first": "0h", "second": "24h"}, quiet_hours=ROME_DAYTIME)
    raw["steps"][1]["from"] = "previous"
    assert told(run(Story().fill("1 05:00"), raw)) == lines(
        "2 05:00 first held quiet_hours",
        "2 07:00 first sent due",
        "3 05:00 second held quiet_hours",
        "3 07:00 second sent due",
    )


def test_durations() -> None:
    """scenario.md: 90m, 24h, 2d, 1d12h."""
    assert duration("1d12h") == duration("36h") == duration("2160m")
