"""Estimators against published values, and by simulation: an interval of 95 % has to hold 95 times in 100."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, replace
from math import exp, inf, log
from random import Random

import pytest

from ripresa.domain.attribution.lift import (
    Arm,
    Interval,
    always_valid_difference,
    always_valid_p,
    always_valid_shares,
    conversion_difference,
    profit_difference,
    profit_interval,
    relative_lift,
    revenue_difference,
    revenue_interval,
    sample_ratio_p,
    student_quantile,
    wilson,
)
from ripresa.domain.attribution.needed import For, needed, people_by_power, people_until_told


def arm_of_shares(people: int, converted: int) -> Arm:
    return Arm(people, converted, 0, 0).of_rate


def test_newcombes_own_example():
    """56 of 70 against 48 of 80 (Newcombe 1998, table II)."""
    found = conversion_difference(arm_of_shares(70, 56), arm_of_shares(80, 48))
    assert found.estimate == pytest.approx(0.2)
    assert (round(found.lower, 4), round(found.upper, 4)) == (0.0524, 0.3339)


def test_wilson_of_nothing_and_of_all():
    assert wilson(0, 10).lower == pytest.approx(0, abs=1e-12)
    assert wilson(0, 10).upper == pytest.approx(0.2775, abs=1e-4)
    assert wilson(10, 10).upper == pytest.approx(1)


@pytest.mark.parametrize(
    ("freedom", "tabled"),
    [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_students_t_as_tabled(freedom: int, tabled: float):
    assert student_quantile(0.975, freedom) == pytest.approx(tabled, abs=5e-4)


def test_of_shares_profit_has_the_interval_of_agresti_and_caffo():
    """56 of 70 against 48 of 80 with one more of each kind: 57 of 72 against 49 of 82.

    Variances 57 * 15 / 72² / 71 and 49 * 33 / 82² / 81 (Welch counts one person less), t of 152 degrees 1.9757.
    """
    found = profit_difference(arm_of_shares(70, 56), arm_of_shares(80, 48))
    assert found.estimate == pytest.approx(0.2)
    assert (found.lower, found.upper) == (
        pytest.approx(57 / 72 - 49 / 82 - 1.9757 * 0.072744, abs=1e-4),
        pytest.approx(57 / 72 - 49 / 82 + 1.9757 * 0.072744, abs=1e-4),
    )


def test_what_messages_cost_moves_an_interval_of_profit_and_makes_it_no_wider():
    """Each person's cost the same: so much less is left, as certain as before."""
    purchases = [50.0] * 4 + [90.0], [20.0, 90.0]
    free, dear = (
        [Arm.of([one - cost for one in [0.0] * 35 + some], len(some), -cost) for some in purchases]
        for cost in (0.0, 2.0)
    )
    moved = profit_interval(dear[0], dear)
    assert [bound + 2 for bound in moved.bounds] == pytest.approx(
        profit_interval(free[0], free).bounds
    )
    assert profit_difference(*dear).bounds == pytest.approx(profit_difference(*free).bounds)


def test_an_even_split_is_likely_and_a_broken_one_is_not():
    assert sample_ratio_p(9_000, 1_000, 0.1) == pytest.approx(1)
    assert sample_ratio_p(9_000, 1_100, 0.1) > 0.001
    assert sample_ratio_p(9_000, 1_300, 0.1) < 0.001
    # 98 too many of 5,000 and too few of 45,000: chi-square 2.134.
    assert sample_ratio_p(44_902, 5_098, 0.1) == pytest.approx(0.144, abs=2e-3)


@pytest.mark.parametrize(
    ("base", "lifted", "share", "people"),
    [(0.05, 0.06, 0.1, 42_201), (0.08, 0.10, 0.2, 9_429), (0.10, 0.12, 0.5, 7_677), (0.08, 0.12, 0.1, 4_187)],
)  # fmt: skip
def test_the_people_a_test_needs(base, lifted, share, people):
    treated, held_out = (
        Arm(round(1_000 * part), 0, rate, rate * (1 - rate))
        for part, rate in ((1 - share, lifted), (share, base))
    )
    assert people_by_power(treated, held_out) == pytest.approx(people, abs=2)


def test_a_verdict_is_told_once_there_are_the_people_it_was_said_to_take():
    few = arm_of_shares(90, 9), arm_of_shares(10, 2)
    times, rest = divmod(people_until_told(*few), 100)
    assert rest == 0
    many = [Arm(one.people * times, one.buyers * times, one.mean, one.variance) for one in few]
    assert always_valid_difference(*many).excludes_zero
    fewer = [replace(one, people=one.people // times * (times - 1)) for one in many]
    assert not always_valid_difference(*fewer).excludes_zero


def test_nought_at_the_edge_is_no_difference():
    assert not Interval(1, 0, 2).excludes_zero
    assert not Interval(-1, -2, 0).excludes_zero


def test_of_a_share_profit_has_the_interval_of_agresti_and_coull():
    """Two of ten bought: four of fourteen, variance 40 / 14² / 13 (Student counts one less), t 2.1604."""
    arm = arm_of_shares(10, 2)
    found = profit_interval(arm, (arm, arm))
    half = 2.1604 * (40 / 14**2 / 13) ** 0.5
    assert found.estimate == 0.2
    assert found.bounds == pytest.approx([4 / 14 - half, 4 / 14 + half], abs=1e-4)


def test_no_relative_lift_over_nothing():
    assert relative_lift(Arm.of([1, 2], 2), Arm.of([0, 0], 0)) is None


NOBODY, SOME = Arm.of([0.0] * 40, 0), Arm.of([0.0] * 35 + [50.0] * 5, 5)


@pytest.mark.parametrize(
    ("treated", "held_out"),
    # The last: nobody bought, but what their messages cost differs.
    [(NOBODY, NOBODY), (SOME, NOBODY), (NOBODY, SOME), (Arm.of([-0.1, 0.0] * 20, 0), NOBODY)],
)
def test_who_has_seen_no_buyer_knows_no_bounds_of_revenue(treated, held_out):
    """An arm without a buyer has no spread: an interval of no width, or a lift for certain, would be invented."""
    found = profit_difference(treated, held_out)
    assert found == Interval(treated.mean - held_out.mean, -inf, inf)
    assert (found.bounds, found.times(40).bounds, found.excludes_zero) == (None, None, False)
    assert relative_lift(treated, held_out) is None
    assert revenue_difference(treated, held_out) == found
    for arm in (treated, held_out):
        for interval in (profit_interval, revenue_interval):
            assert interval(arm, (treated, held_out)).is_known is (arm is SOME)
    looked_at = always_valid_difference(treated, held_out)
    assert looked_at.is_known is (SOME in (treated, held_out))
    assert not looked_at.excludes_zero
    if not looked_at.is_known:
        assert always_valid_p(treated, held_out) == 1


@pytest.mark.parametrize("spent", [20.0, 19.99])  # the second's sum is rounded
def test_what_all_brought_alike_tells_no_spread_either(spent):
    alike = Arm.of([spent] * 10, 10)
    assert profit_interval(alike, (alike, SOME)).bounds is None
    assert profit_difference(alike, SOME).bounds is None
    assert revenue_difference(alike, SOME).bounds is None


def test_shares_are_revenues_of_one_each_and_money_has_no_unit():
    """So Newcombe's interval is one of these, and the same in cents as in euros."""
    one, two = arm_of_shares(70, 56), arm_of_shares(80, 48)
    assert revenue_difference(one, two).bounds == pytest.approx(
        conversion_difference(one, two).bounds
    )
    euros, cents = (
        [Arm.of([0.0] * 40 + [spent * unit for spent in (20, 50, some)], 3) for some in (35, 180)]
        for unit in (1, 100)
    )
    assert revenue_difference(*cents) == Interval(
        *(pytest.approx(100 * one) for one in astuple(revenue_difference(*euros)))
    )
    assert relative_lift(*cents) == Interval(
        *(pytest.approx(one) for one in astuple(relative_lift(*euros)))
    )


def test_a_ratio_upside_down_has_its_interval_upside_down():
    one, two = SOME, Arm.of([0.0] * 30 + [20.0, 90.0], 2)
    found, turned = relative_lift(one, two), relative_lift(two, one)
    assert (1 + found.lower) * (1 + turned.upper) == pytest.approx(1)
    assert (1 + found.upper) * (1 + turned.lower) == pytest.approx(1)


@pytest.mark.parametrize("spent", [10_000.0, 2.0])
def test_what_was_found_lies_within_though_the_other_arm_brought_next_to_nothing(spent):
    one = Arm.of([spent] * 99 + [spent + 1], 100)
    arms = one, Arm.of([1.0] * 90 + [2.0] * 10, 100)
    for interval in (revenue_interval(one, arms), revenue_difference(*arms), relative_lift(*arms)):
        assert interval.lower < interval.estimate
        assert interval.estimate <= interval.upper * (1 + 1e-12)


def test_of_shares_there_are_bounds_from_the_beginning_and_none_beyond_all():
    for bought in (0, 1):
        none = Arm(200, 200 * bought, 0, 0)
        found = always_valid_shares(none, Arm(20, 20 * bought, 0, 0))
        # 1 of 202 and 1 of 22 for the spreads, of 220 people.
        assert (found.estimate, found.upper) == (0, pytest.approx(0.230934, abs=1e-6))
        assert found.lower == -found.upper
        assert always_valid_p(none.of_rate, none.of_rate) == 1
    assert always_valid_shares(Arm(2, 2, 0, 0), Arm(2, 0, 0, 0)).bounds == [-1, 1]
    many = Arm(4_500, 540, 0, 0), Arm(500, 40, 0, 0)
    assert always_valid_shares(*many) == always_valid_difference(*(arm.of_rate for arm in many))


def test_where_nothing_is_seen_yet_it_is_said_how_many_people_it_takes_and_for_what():
    # None of 100 bought: 3 in 100 may, and it takes 100 held out to see one. A tenth is held out: 1,000 in all.
    assert needed(arm_of_shares(90, 0), arm_of_shares(10, 0)) == (1_000, For.BUYERS)
    assert needed(arm_of_shares(10, 0), arm_of_shares(90, 0)) == (1_000, For.BUYERS)
    # 10 against 12 of a hundred, in halves: 7,677 by power; told by the interval for every day, more.
    alike = arm_of_shares(100, 10)
    people, what_for = needed(alike, alike)
    assert what_for is For.A_FIFTH
    told = needed(arm_of_shares(100, 12), alike)
    assert told.what_for is For.DIFFERENCE
    assert people == pytest.approx(told.people, abs=300)
    assert people > 7_676
    # Where all but a few buy there is no fifth more.
    assert needed(arm_of_shares(100, 95), arm_of_shares(100, 95)).people < 1_000
    # Of several arms each takes a smaller part of the five per cent, and so more people.
    assert needed(arm_of_shares(100, 12), alike, 0.025).people > told.people


def revenue(chance: Random, people: int, rate: float) -> tuple[list[float], int]:
    """Most bring nothing; who buys spends as shoppers do, a few of them much."""
    found = [
        chance.lognormvariate(4, 0.6) if chance.random() < rate else 0.0 for _ in range(people)
    ]
    return found, sum(one > 0 for one in found)


class Shop:
    """One as there are many: 200 to 4,000 people drawn, of whom each twentieth to each other is held out.

    3 to 20 of a hundred buy by themselves, messages bring up to half as many more, and may move what is
    spent. Profit is what a margin leaves of it, less a coupon for the treated and what their messages cost.
    """

    def __init__(self, chance: Random) -> None:
        people = round(exp(chance.uniform(log(200), log(4_000))))
        held_out = round(people * chance.choice((0.05, 0.1, 0.2, 0.5)))
        self.rate = chance.uniform(0.03, 0.2)
        self.treated_rate = self.rate * chance.choice((1, 1, 1.1, 1.25, 1.5))
        spread, spent = chance.uniform(0.3, 1.0), chance.uniform(3, 5)
        treated_spent = spent + chance.choice((0, 0, -0.1, 0.1))
        self.mean = self.rate * exp(spent + spread**2 / 2)
        self.treated_mean = self.treated_rate * exp(treated_spent + spread**2 / 2)
        self.margin = chance.choice((1, 0.5, 0.3, 0.15))
        self.coupon, self.cost = chance.choice((0, 0, 0.1)), chance.choice((0, 0.02, 0.2, 0.9))
        self._chance = chance
        treated = self._purchases(people - held_out, self.treated_rate, treated_spent, spread)
        free = self._purchases(held_out, self.rate, spent, spread)
        self.treated = self._arm(treated, people - held_out)
        self.held_out = self._arm(free, held_out)
        self.treated_profit = self._arm(
            treated, people - held_out, self.margin - self.coupon, self.cost
        )
        self.held_out_profit = self._arm(free, held_out, self.margin)

    def _purchases(self, people: int, rate: float, spent: float, spread: float) -> list[float]:
        buyers = sum(self._chance.random() < rate for _ in range(people))
        return [self._chance.lognormvariate(spent, spread) for _ in range(buyers)]

    def _arm(
        self, purchases: list[float], people: int, left: float = 1.0, cost: float = 0.0
    ) -> Arm:
        buyers = len(purchases)
        bought = [left * one - self._chance.choice((0.75, 0.75, 1.5)) * cost for one in purchases]
        idle = [
            -self._chance.choice((0.75, 0.75, 1.5)) * cost if cost else 0.0
            for _ in range(people - buyers)
        ]
        return Arm.of(bought + idle, buyers, sum(idle) / len(idle))

    def intervals(self) -> Iterator[tuple[str, Interval, float]]:
        """Each with what it should hold."""
        one, two = self.treated, self.held_out
        yield (
            "conversion",
            conversion_difference(one, two),
            self.treated_rate - self.rate,
        )
        yield "revenue", revenue_difference(one, two), self.treated_mean - self.mean
        yield "lift", relative_lift(one, two), self.treated_mean / self.mean - 1
        yield "revenue of an arm", revenue_interval(two, (one, two)), self.mean
        arms = self.treated_profit, self.held_out_profit
        left = (self.margin - self.coupon) * self.treated_mean - self.cost
        yield "profit", profit_difference(*arms), left - self.margin * self.mean
        yield "profit of an arm", profit_interval(arms[0], arms), left


@pytest.mark.parametrize("number", [2_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_over_all_shops_the_plain_intervals_hold_94_to_96_times_in_100(number):
    """Over all of which anything is told: both arms have buyers, and what they spent differs."""
    chance = Random(20261123)
    held: Counter[str] = Counter()
    told = 0
    while told < number:
        shop = Shop(chance)
        if shop.treated.has_spread and shop.held_out.has_spread:
            told += 1
            held.update(
                name
                for name, bounds, true in shop.intervals()
                if bounds.lower <= true <= bounds.upper
            )
    shares = {name: often / number for name, often in held.items()}
    assert len(shares) == 6
    assert {name: share for name, share in shares.items() if not 0.94 <= share <= 0.96} == {}


@pytest.mark.parametrize(
    ("shops", "slack"), [(200, 0.04), pytest.param(2_000, 0.015, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    ("treated", "held_out", "rates"),
    # Held out are expected to buy: 5, 8 and 10 people; 6 in each arm.
    [(450, 50, (0.1, 0.1)), (400, 100, (0.1, 0.08)), (900, 100, (0.1, 0.1)), (60, 60, (0.1, 0.1))],
)
def test_intervals_of_revenue_hold_where_few_have_bought(shops, slack, treated, held_out, rates):
    """Here Welch's hold 89 to 93 times in 100; of relative lifts, the delta method 88 to 93."""
    chance = Random(20261123)
    spent = 2.718281828 ** (4 + 0.18)
    held = {"difference": 0, "ratio": 0, "one arm": 0}
    told = 0
    for _ in range(shops):
        arms = [
            Arm.of(*revenue(chance, people, rate))
            for people, rate in zip((treated, held_out), rates, strict=True)
        ]
        if not all(arm.has_spread for arm in arms):
            continue  # not known yet
        told += 1
        for name, bounds, true in (
            ("difference", revenue_difference(*arms), (rates[0] - rates[1]) * spent),
            ("ratio", relative_lift(*arms), rates[0] / rates[1] - 1),
            ("one arm", revenue_interval(arms[1], arms), rates[1] * spent),
        ):
            held[name] += bounds.lower <= true <= bounds.upper
    assert told > 0.9 * shops
    for name, often in held.items():
        assert often / told == pytest.approx(0.955, abs=slack), name


def looked_at_daily(chance: Random, *, rate: float, share: float, days: int, a_day: int) -> tuple:
    """No true difference, one look a day from the second person of each arm on.

    Whether any look saw one by shares, by money, and by plain intervals; and the smallest p-values.
    """
    seen, low = [False, False, False], [1.0, 1.0]
    sums = {False: [0, 0, 0.0, 0.0], True: [0, 0, 0.0, 0.0]}
    for _ in range(days):
        for _ in range(a_day):
            mine = sums[chance.random() < share]
            mine[0] += 1
            if chance.random() < rate:
                spent = chance.lognormvariate(4, 0.6)
                mine[1:] = mine[1] + 1, mine[2] + spent, mine[3] + spent * spent
        if min(people for people, *_ in sums.values()) < 2:
            continue
        money = [
            Arm(people, buyers, total / people, (squares - total**2 / people) / (people - 1))
            for people, buyers, total, squares in sums.values()
        ]
        shares = [one.of_rate for one in money]
        for number, arms in enumerate((shares, money)):
            seen[number] |= always_valid_difference(*arms).excludes_zero
            low[number] = min(low[number], always_valid_p(*arms))
        seen[2] |= conversion_difference(*shares).excludes_zero
    return seen, low


@pytest.mark.parametrize(
    ("rate", "share", "shops", "days"),
    [
        (0.1, 0.1, 60, 20),
        (0.02, 0.05, 60, 20),
        *(
            pytest.param(rate, share, 2_000, 30, marks=pytest.mark.slow)
            for rate in (0.01, 0.1)
            for share in (0.05, 0.1, 0.5)
        ),
    ],
)
def test_who_looks_every_day_is_wrong_in_at_most_five_of_a_hundred(rate, share, shops, days):
    """From the first day on, while there are few people and nobody held out has bought anything."""
    chance = Random(7)
    wrong = [0, 0, 0]
    for _ in range(shops):
        seen, low = looked_at_daily(chance, rate=rate, share=share, days=days, a_day=50)
        wrong = [so_far + one for so_far, one in zip(wrong, seen, strict=True)]
        assert seen[:2] == [one < 0.05 for one in low]
    assert wrong[0] / shops <= 0.05
    assert wrong[1] / shops <= 0.05
    if rate == 0.1:
        assert wrong[2] / shops > 0.10  # which is why the plain ones are not for daily looks


def test_four_people_are_no_proof_and_neither_are_buyers_of_one_arm_alone():
    assert not always_valid_difference(arm_of_shares(2, 2), arm_of_shares(2, 0)).excludes_zero
    assert always_valid_p(arm_of_shares(2, 2), arm_of_shares(2, 0)) > 0.05
    # One buyer in twenty, 40 people held out: each eighth shop sees none of theirs buy.
    assert not always_valid_difference(arm_of_shares(360, 20), arm_of_shares(40, 0)).excludes_zero
    assert always_valid_p(arm_of_shares(9, 0), arm_of_shares(9, 0)) == 1.0


def test_the_interval_for_every_day_by_hand():
    """5,000 people, a tenth held out, 12 against 8 of a hundred: the formula of arXiv 2103.06476.

    The spread of the held-out is that of both arms together: 580 of 5,000, 0.102565.
    """
    found = always_valid_difference(arm_of_shares(4_500, 540), arm_of_shares(500, 40))
    assert found.estimate == pytest.approx(0.04)
    assert found.upper - 0.04 == pytest.approx(0.045891, abs=1e-6)
    assert always_valid_p(arm_of_shares(4_500, 540), arm_of_shares(500, 40)) == pytest.approx(
        0.133603, abs=1e-6
    )
