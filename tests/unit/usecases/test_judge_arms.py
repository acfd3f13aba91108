"""Arms against the first one: by hand, and by simulation of shops in which no arm does anything."""

from random import Random

import pytest

from ripresa.domain.attribution.lift import sample_ratio_of_arms_p, sample_ratio_p
from ripresa.domain.scenarios.plan import WHOLE_SHARE, Arm, SplitTest
from ripresa.domain.scenarios.trial.arms import arm_of
from ripresa.usecases.analysis.judge_arms import Outcome, judge_arms
from ripresa.usecases.analysis.judge_holdout import TooFew

HALVES = {"a": 0.5, "b": 0.5}


def people(number, buyers, revenue=50.0, coupon=0.0):
    bought = Outcome(True, revenue - coupon, revenue, revenue - coupon)
    return [bought] * buyers + [Outcome(False, 0, 0, 0)] * (number - buyers)


def test_two_arms_are_judged_as_a_hold_out_is():
    assert sample_ratio_of_arms_p([900, 110], [0.9, 0.1]) == pytest.approx(
        sample_ratio_p(900, 110, 0.1)
    )
    # 120, 90, 90 of a third each: chi-square 6, two degrees: e^-3.
    assert sample_ratio_of_arms_p([120, 90, 90], [1 / 3] * 3) == pytest.approx(0.049787, abs=1e-6)


def test_a_coupon_that_sells_more_and_leaves_less_is_told_apart():
    """Ten in a hundred more buy, for a coupon that eats more than that."""
    told = judge_arms({"a": people(2000, 400), "b": people(2000, 600, coupon=20)}, HALVES)
    [one] = told["differences"]
    assert told["against"] == "a"
    assert one["conversion"]["difference"] == pytest.approx(0.1)
    assert one["before_discount_per_person"]["difference"] == pytest.approx(5)
    assert one["revenue_per_person"]["difference"] == pytest.approx(-1)
    assert one["verdict"] == "not enough data yet"
    worse = judge_arms({"a": people(2000, 400), "b": people(2000, 600, coupon=30)}, HALVES)
    assert worse["differences"][0]["verdict"] == "worse"
    better = judge_arms({"a": people(2000, 400), "b": people(2000, 600)}, HALVES)
    assert better["differences"][0]["verdict"] == "better"


def test_nothing_is_told_before_anybody_buys_and_it_is_said_how_long_that_takes():
    """Messages of the second arm cost 7 cents each: that is known, and no reason to call it the worse one."""
    costly = [Outcome(False, 0, 0, -0.07)] * 1000
    told = judge_arms({"a": people(1000, 0), "b": costly}, HALVES)
    [one] = told["differences"]
    assert (one["verdict"], one["people_needed"]) == ("not enough data yet", 4000)
    assert one["people_needed_for"] == "first_buyers"
    for measure in ("revenue_per_person", "before_discount_per_person", "profit_per_person"):
        assert one[measure]["interval"] is None
        assert one[measure]["not_known"] == "not known yet: it takes buyers in both arms"
        assert one[measure]["always_valid"] == {"interval": None, "p": 1}
    assert one["conversion"]["interval"] == pytest.approx([-0.003827, 0.003827], abs=1e-6)
    low, high = one["conversion"]["always_valid"]["interval"]
    assert -1 < low < 0 < high < 1
    for arm in told["arms"]:
        assert (arm["revenue_per_person"]["lower"], arm["profit_per_person"]["upper"]) == (
            None,
            None,
        )
        assert arm["conversion"]["upper"] == pytest.approx(0.003827, abs=1e-6)


def test_money_holds_with_few_buyers():
    """20 people in each arm, 6 and 2 of whom spent 50: Newcombe's interval of their shares, times 50."""
    told = judge_arms({"a": people(20, 2), "b": people(20, 6)}, HALVES)
    [one] = told["differences"]
    assert one["revenue_per_person"]["interval"] == pytest.approx([-2.677915, 21.527396], abs=1e-6)
    # Agresti and Caffo: 50 times 7 and 3 of 22, variances 7 * 15 / 22² / 21 and 3 * 19 / 22² / 21, t of 39.
    assert one["profit_per_person"]["interval"] == pytest.approx([-3.681266, 21.863084], abs=1e-3)
    assert told["arms"][0]["revenue_per_person"] == pytest.approx(
        {"estimate": 5.0, "lower": 50 * 0.027866, "upper": 50 * 0.301034}, abs=1e-3
    )


def test_how_many_people_a_test_takes_goes_by_what_it_is_judged_by():
    """As many buy, and each leaves less: the verdict goes by profit, and so does the wait for it."""
    told = judge_arms({"a": people(500, 100), "b": people(500, 100, coupon=5)}, HALVES)
    [one] = told["differences"]
    assert (one["verdict"], one["people_needed_for"]) == (
        "not enough data yet",
        "difference_so_far",
    )
    times, rest = divmod(one["people_needed"], 1000)
    assert (times > 1, rest) == (True, 0)
    for often, verdict in ((times - 1, "not enough data yet"), (times, "worse")):
        more = {
            "a": people(500 * often, 100 * often),
            "b": people(500 * often, 100 * often, coupon=5),
        }
        assert judge_arms(more, HALVES)["differences"][0]["verdict"] == verdict
    # None is seen: for one of a fifth of those who buy.
    told = judge_arms({"a": people(500, 100), "b": people(500, 100)}, HALVES)
    assert told["differences"][0]["people_needed_for"] == "difference_of_a_fifth"
    assert told["differences"][0]["people_needed"] > 2_000


def test_several_arms_share_the_five_per_cent():
    """Bonferroni: of two arms beside the first, each interval is one of 97.5 %."""
    two = {"a": people(2000, 400), "b": people(2000, 500)}
    alone = judge_arms(two, HALVES)
    both = judge_arms({**two, "c": people(2000, 450)}, dict.fromkeys("abc", 1 / 3))
    assert (alone["alpha"], both["alpha"]) == (0.05, 0.025)
    narrow, wide = (told["differences"][0]["conversion"] for told in (alone, both))
    assert wide["interval"][0] < narrow["interval"][0]
    assert wide["always_valid"]["interval"][0] < narrow["always_valid"]["interval"][0]


def test_no_result_of_a_broken_split_and_none_of_an_empty_arm():
    # 2,000 against 1,800: chi-square 10.5, p = 0.0012, uneven but no proof of anything broken.
    assert judge_arms({"a": people(2000, 9), "b": people(1800, 9)}, HALVES)["sample_ratio"]["ok"]
    told = judge_arms({"a": people(2000, 400), "b": people(1500, 600)}, HALVES)
    assert not told["sample_ratio"]["ok"]
    assert told["differences"][0]["verdict"] == "assignment is broken"
    with pytest.raises(TooFew, match="'b' has 1"):
        judge_arms({"a": people(20, 4), "b": people(1, 1)}, HALVES)


def test_arms_that_do_nothing_are_seldom_told_apart_however_often_one_looks():
    wrong = 0
    for shop in range(25):
        random = Random(shop)
        arms = {name: [] for name in ("a", "b", "c")}
        told_apart = False
        for _look in range(5):
            for some in arms.values():
                for _ in range(60):
                    minor = round(random.expovariate(1 / 40), 2) if random.random() < 0.2 else 0.0
                    some.append(Outcome(minor > 0, minor, minor, minor))
            judged = judge_arms(arms, dict.fromkeys(arms, 1 / 3))
            told_apart = told_apart or any(
                one["verdict"] in {"better", "worse"} for one in judged["differences"]
            )
        wrong += told_apart
    assert wrong / 25 <= 0.05


def test_everybody_is_in_an_arm_by_its_share_and_stays_there_as_shares_grow():
    thirds = SplitTest("t", (Arm("a", 3334), Arm("b", 3333), Arm("c", 3333)))
    assert sum(arm.share for arm in thirds.arms) == WHOLE_SHARE
    drawn = [arm_of("Left", thirds, f"p{n}@example.test") for n in range(3000)]
    assert all(900 < drawn.count(name) < 1100 for name in "abc")
    more = SplitTest("t", (Arm("a", 5000), Arm("b", 5000)))
    again = [arm_of("Left", more, f"p{n}@example.test") for n in range(3000)]
    assert all(two == "a" for one, two in zip(drawn, again, strict=True) if one == "a")
    other = SplitTest("u", thirds.arms)
    assert drawn != [arm_of("Left", other, f"p{n}@example.test") for n in range(3000)]
