"""How many people a comparison of two arms takes until a verdict on it can be told. Pure.

The usual power calculation for two means or shares, two-sided, with unequal arms; and at least as many as it
takes until an interval that holds on every day one looks tells it, for by such a one verdicts are told.
"""

from bisect import bisect_left
from dataclasses import replace
from enum import StrEnum
from math import ceil, isclose
from statistics import NormalDist
from typing import NamedTuple

from ripresa.domain.attribution.lift import ALPHA, Arm, always_valid_difference

POWER = 0.8
# Where no difference is seen there is none to plan for: then for one that a shop would care about.
WORTH_SEEING = 0.2


class For(StrEnum):
    """What so many people are needed for."""

    DIFFERENCE = "difference_so_far"  # to tell the difference there is, if it stays
    A_FIFTH = "difference_of_a_fifth"  # none is seen: to tell WORTH_SEEING of the share that buys
    BUYERS = "first_buyers"  # nobody bought: until someone is likely to; it may take more


class Needed(NamedTuple):
    """`people` of both arms together, those there are included."""

    people: int
    what_for: For


def needed(one: Arm, two: Arm, alpha: float = ALPHA) -> Needed:
    """What it takes until a verdict on two arms, not told yet, can be; `two` is what `one` is measured by.

    The arms are in the measure that the verdict goes by, shares or money.
    """
    if not one.buyers + two.buyers:
        return Needed(_until_a_buyer(one.people, two.people), For.BUYERS)
    if isclose(one.mean, two.mean):
        return Needed(_to_see(*_apart_by_a_fifth(one, two), alpha), For.A_FIFTH)
    return Needed(_to_see(one, two, alpha), For.DIFFERENCE)


def people_by_power(one: Arm, two: Arm, alpha: float = ALPHA) -> int:
    """How many people, both arms, a test needs to see their means apart, split as those there are."""
    ratio = two.people / one.people
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(POWER)
    spread = one.variance + two.variance / ratio
    people = z * z * spread / (one.mean - two.mean) ** 2
    return ceil(people) + ceil(people * ratio)


def people_until_told(one: Arm, two: Arm, alpha: float = ALPHA) -> int:
    """How many people, both arms, until `always_valid_difference` excludes nought, if all stays as it is.

    The means must differ, and someone have bought.
    """

    def is_told(times: int) -> bool:
        first, second = (replace(arm, people=arm.people * times) for arm in (one, two))
        return always_valid_difference(first, second, alpha).excludes_zero

    enough = 1
    while not is_told(enough):
        enough *= 2
    return bisect_left(range(enough), True, lo=1, key=is_told) * (one.people + two.people)


def _to_see(one: Arm, two: Arm, alpha: float) -> int:
    # Who is asked to wait is not asked again.
    return max(people_by_power(one, two, alpha), people_until_told(one, two, alpha))


def _apart_by_a_fifth(one: Arm, two: Arm) -> tuple[Arm, Arm]:
    """The arms as they would be if one sold to a fifth more people than the other."""
    base = (one.buyers + two.buyers) / (one.people + two.people)
    # Of more than five in six no fifth more can be: then a fifth less.
    lifted = base * (1 + WORTH_SEEING if base * (1 + WORTH_SEEING) < 1 else 1 - WORTH_SEEING)
    sold = zip((one, two), (lifted, base), strict=True)
    first, second = (replace(arm, mean=rate, variance=rate * (1 - rate)) for arm, rate in sold)
    return first, second


def _until_a_buyer(one: int, two: int) -> int:
    """People until even the smaller arm has a buyer, 95 times in 100, at the best rate that can still be.

    None of n bought: at 95 % no more than 3 in n do (the rule of three: Hanley and Lippman-Hand 1983, JAMA
    249), and at that rate it takes an arm of n people to be as sure of one. So it takes this many at least.
    """
    return ceil((one + two) ** 2 / min(one, two))
