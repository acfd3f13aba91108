"""Judge a test of several arms: what each brought a person, and how much more than the first one did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ripresa.domain.attribution.lift import (
    ALPHA,
    BROKEN_BELOW,
    Arm,
    Interval,
    always_valid_difference,
    always_valid_p,
    always_valid_shares,
    conversion_difference,
    profit_difference,
    profit_interval,
    revenue_difference,
    revenue_interval,
    sample_ratio_of_arms_p,
    wilson,
)
from ripresa.usecases.analysis.judge_holdout import (
    ALWAYS_VALID,
    NOT_KNOWN_YET,
    OF_REVENUE,
    TooFew,
    verdict,
)

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
    is_known = all(one.revenue.has_spread for one in measured.values())
    return {
        "people": {name: one.people for name, one in measured.items()},
        "sample_ratio": ratio,
        "arms": [_tell(name, one, list(measured.values())) for name, one in measured.items()],
        "against": base,
        "differences": [
            _compare(name, measured[name], measured[base], alpha, is_sound=ratio["ok"])
            for name in others
        ],
        "not_known": None if is_known else NOT_KNOWN_YET,
        "alpha": alpha,
        "methods": {
            "conversion": "Newcombe 1998, hybrid score",
            "revenue": OF_REVENUE,
            "profit": "Welch 1947, with two people more in each arm (Agresti and Caffo 2000)",
            "always_valid": ALWAYS_VALID,
            "sample_ratio": "Pearson 1900, chi-square",
        },
    }


def _measure(people: Sequence[Outcome]) -> _Measured:
    buyers = sum(one.has_bought for one in people)
    idle = [one.profit for one in people if not one.has_bought]
    return _Measured(
        len(people),
        Arm.of([one.revenue for one in people], buyers),
        Arm.of([one.before for one in people], buyers),
        Arm.of([one.profit for one in people], buyers, sum(idle) / len(idle) if idle else 0.0),
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


def _tell(name: str, one: _Measured, arms: Sequence[_Measured]) -> dict[str, Any]:
    return {
        "arm": name,
        "people": one.people,
        "buyers": one.revenue.buyers,
        "conversion": asdict(wilson(one.revenue.buyers, one.people)),
        "revenue_per_person": _ends(revenue_interval(one.revenue, [arm.revenue for arm in arms])),
        "profit_per_person": _ends(profit_interval(one.profit, [arm.profit for arm in arms])),
    }


def _ends(found: Interval) -> dict[str, Any]:
    lower, upper = found.bounds or (None, None)
    return {"estimate": found.estimate, "lower": lower, "upper": upper}


def _compare(
    name: str, arm: _Measured, base: _Measured, alpha: float, *, is_sound: bool
) -> dict[str, Any]:
    one, two = arm.revenue, base.revenue
    profit = always_valid_difference(arm.profit, base.profit, alpha)
    shares = always_valid_shares(one, two, alpha)
    word = "better" if profit.estimate > 0 else "worse"
    return {
        "arm": name,
        "conversion": _told(
            conversion_difference(one, two, alpha), shares, always_valid_p(one.of_rate, two.of_rate)
        ),
        "revenue_per_person": _money(revenue_difference, one, two, alpha),
        "before_discount_per_person": _money(revenue_difference, arm.before, base.before, alpha),
        "profit_per_person": _money(profit_difference, arm.profit, base.profit, alpha),
        # By profit a person, on any day one looks.
        **verdict(word, profit, (arm.profit, base.profit), alpha, is_sound=is_sound),
    }


def _money(
    plain: Callable[[Arm, Arm, float], Interval], arm: Arm, base: Arm, alpha: float
) -> dict[str, Any]:
    looked_at = always_valid_difference(arm, base, alpha)
    return _told(plain(arm, base, alpha), looked_at, always_valid_p(arm, base))


def _told(plain: Interval, looked_at: Interval, p: float) -> dict[str, Any]:
    return {
        "difference": plain.estimate,
        "interval": plain.bounds,
        "not_known": None if plain.is_known else NOT_KNOWN_YET,
        "always_valid": {"interval": looked_at.bounds, "p": p},
    }
