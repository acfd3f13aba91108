"""Judge a test of several arms: what each brought a person, and how much more than the first one did."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ripresa.domain.attribution.lift import (
    ALPHA,
    BROKEN_BELOW,
    Arm,
    Interval,
    always_valid_difference,
    always_valid_p,
    conversion_difference,
    mean_difference,
    mean_interval,
    people_needed,
    sample_ratio_of_arms_p,
    wilson,
)
from ripresa.usecases.analysis.judge_holdout import TooFew

_LEAST = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one person brought in major units: `revenue` after discounts, `before` them, and `profit`.

    `profit`: what is left of it by the shop's margin after coupons and messages.
    """

    has_bought: bool
    revenue: float
    before: float
    profit: float


@dataclass(frozen=True, slots=True)
class _Measured:
    people: int
    revenue: Arm
    before: Arm
    profit: Arm


def judge_arms(
    arms: Mapping[str, Sequence[Outcome]], shares: Mapping[str, float]
) -> dict[str, Any]:
    """The verdict on a test, ready for JSON. Everyone counts in the arm she was drawn into.

    The first of `arms` is the one that the others are measured by; with several others, each interval is
    the wider for it (Bonferroni), so that all of them hold together. Raises TooFew.
    """
    if few := [name for name, people in arms.items() if len(people) < _LEAST]:
        raise TooFew(f"each arm needs two people at least; {few[0]!r} has {len(arms[few[0]])}")
    measured = {name: _measure(people) for name, people in arms.items()}
    ratio = _ratio(measured, shares)
    base, *others = measured
    alpha = ALPHA / max(1, len(others))
    return {
        "people": {name: one.people for name, one in measured.items()},
        "sample_ratio": ratio,
        "arms": [_tell(name, one) for name, one in measured.items()],
        "against": base,
        "differences": [
            _compare(name, measured[name], measured[base], alpha, is_sound=ratio["ok"])
            for name in others
        ],
        "alpha": alpha,
        "methods": {
            "conversion": "Newcombe 1998, hybrid score",
            "means": "Welch 1947",
            "always_valid": "confidence sequence, arXiv 2103.06476",
            "sample_ratio": "Pearson 1900, chi-square",
        },
    }


def _measure(people: Sequence[Outcome]) -> _Measured:
    buyers = sum(one.has_bought for one in people)
    return _Measured(
        len(people),
        Arm.of([one.revenue for one in people], buyers),
        Arm.of([one.before for one in people], buyers),
        Arm.of([one.profit for one in people], buyers),
    )


def _ratio(measured: Mapping[str, _Measured], shares: Mapping[str, float]) -> dict[str, Any]:
    p = sample_ratio_of_arms_p(
        [one.people for one in measured.values()], [shares[name] for name in measured]
    )
    total = sum(one.people for one in measured.values())
    return {
        "expected": {name: shares[name] for name in measured},
        "found": {name: one.people / total for name, one in measured.items()},
        "p": p,
        "ok": p >= BROKEN_BELOW,
    }


def _tell(name: str, one: _Measured) -> dict[str, Any]:
    return {
        "arm": name,
        "people": one.people,
        "buyers": one.revenue.buyers,
        "conversion": asdict(wilson(one.revenue.buyers, one.people)),
        "revenue_per_person": asdict(mean_interval(one.revenue)),
        "profit_per_person": asdict(mean_interval(one.profit)),
    }


def _compare(
    name: str, arm: _Measured, base: _Measured, alpha: float, *, is_sound: bool
) -> dict[str, Any]:
    conversion = conversion_difference(arm.revenue, base.revenue, alpha)
    looked_at = always_valid_difference(arm.profit, base.profit, alpha)
    return {
        "arm": name,
        "conversion": _told(conversion, arm.revenue.of_rate, base.revenue.of_rate, alpha),
        "revenue_per_person": _plain(arm.revenue, base.revenue, alpha),
        "before_discount_per_person": _plain(arm.before, base.before, alpha),
        "profit_per_person": _plain(arm.profit, base.profit, alpha),
        **_verdict(arm, base, looked_at, is_sound=is_sound),
    }


def _plain(arm: Arm, base: Arm, alpha: float) -> dict[str, Any]:
    return _told(mean_difference(arm, base, alpha), arm, base, alpha)


def _told(plain: Interval, arm: Arm, base: Arm, alpha: float) -> dict[str, Any]:
    valid = always_valid_difference(arm, base, alpha)
    return {
        "difference": plain.estimate,
        "interval": [plain.lower, plain.upper],
        "always_valid": {
            "interval": [valid.lower, valid.upper],
            "p": always_valid_p(arm, base),
        },
    }


def _verdict(
    arm: _Measured, base: _Measured, looked_at: Interval, *, is_sound: bool
) -> dict[str, Any]:
    """By profit a person, on any day one looks. How many people are missing goes by conversion."""
    if not is_sound:
        return {"verdict": "assignment is broken", "people_needed": None}
    if looked_at.excludes_zero:
        return {"verdict": "better" if looked_at.estimate > 0 else "worse", "people_needed": None}
    one, two = arm.revenue, base.revenue
    share = base.people / (arm.people + base.people)
    needed = people_needed(two.rate, one.rate, share) if one.rate != two.rate else None
    return {"verdict": "not enough data yet", "people_needed": needed}
