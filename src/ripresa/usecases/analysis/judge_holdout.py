"""Judge a hold-out test from a file of people: what the messages brought beyond what came by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ripresa.core.money import MAX_MINOR
from ripresa.domain.attribution.lift import (
    ALPHA,
    BROKEN_BELOW,
    Arm,
    Interval,
    always_valid_difference,
    always_valid_p,
    conversion_difference,
    mean_difference,
    people_needed,
    people_until_told,
    relative_lift,
    sample_ratio_p,
)
from ripresa.usecases.analysis.tables import (
    BadCell,
    BadTable,
    Column,
    Row,
    read_table,
    read_yes_no,
)

_COLUMNS = (
    Column(("person", "customer", "contact", "email", "customer_id", "contact_id", "user", "id")),
    Column(("arm", "group", "variant")),
    Column(("converted", "conversion", "ordered", "bought")),
    Column(("revenue", "amount", "value", "total")),
)
_TREATED = frozenset({"treated", "treatment", "test", "messages", "sent", "exposed"})
_HELD_OUT = frozenset({"holdout", "hold-out", "hold_out", "held_out", "heldout", "control"})
# Of so many people the one who spent most (a whale) is cut to what the next one spent.
_ONE_IN = 100
_POWER = 0.8
# What people hold out: some few per cent, a third, two thirds, multiples of 5 %.
_USUAL = (0.01, 0.02, 0.03, 1 / 3, 2 / 3, *(n / 20 for n in range(1, 20)))


class TooFew(Exception):
    """An arm has fewer than two people: no spread can be told. The message says how many there are."""


@dataclass(slots=True)
class Person:
    """One person of a test, with all that she brought, in major units."""

    is_held_out: bool
    has_bought: bool
    revenue: float


def judge_holdout(path: Path, *, share: float | None = None) -> dict[str, Any]:
    """The verdict on a test, ready for JSON; people are counted in the arm they were assigned to.

    `share` (0 to 1) is the part that was to be held out; None: the usual one nearest to what is in the file
    (see `_USUAL`), and said to be assumed. Raises BadTable.
    """
    try:
        return judge(_read(path), share=share)
    except TooFew as few:
        raise BadTable(f"{path.name}: {few}") from None


def judge(people: Sequence[Person], *, share: float | None) -> dict[str, Any]:
    """The verdict on people of two arms; see `judge_holdout`. Raises TooFew."""
    treated = _arm(one for one in people if not one.is_held_out)
    held_out = _arm(one for one in people if one.is_held_out)
    if min(treated.people, held_out.people) < 2:  # noqa: PLR2004  (no spread can be told from one)
        raise TooFew(
            f"each arm needs two people at least; there are {treated.people} treated and "
            f"{held_out.people} held out"
        )
    ratio = _sample_ratio(treated, held_out, share)
    conversion = conversion_difference(treated, held_out)
    return {
        "people": {"treated": treated.people, "holdout": held_out.people},
        "sample_ratio": ratio,
        "conversion": {
            **_compared(treated.of_rate, held_out.of_rate, conversion),
            "method": "Newcombe 1998, hybrid score",
        },
        "revenue_per_person": {
            **_compared(treated, held_out, mean_difference(treated, held_out)),
            "method": "Welch 1947",
            "capped": _capped(people),
        },
        "incremental_revenue": _brought(treated, held_out, mean_difference(treated, held_out)),
        "incremental_orders": _brought(treated.of_rate, held_out.of_rate, conversion),
        **_verdict(treated, held_out, is_sound=ratio["ok"]),
    }


def _read(path: Path) -> list[Person]:
    people: dict[str, Person] = {}
    crossed = set()
    for name, person in read_table(path, _COLUMNS, _person):
        known = people.setdefault(name, person)
        if known is person:
            continue
        if known.is_held_out is not person.is_held_out:
            crossed.add(name)
        known.has_bought = known.has_bought or person.has_bought
        known.revenue += person.revenue
    if crossed:
        raise BadTable(
            f"{path.name}: {len(crossed)} people stand in both arms, {min(crossed)!r} for one. "
            "A test counts each person in the arm she was assigned to"
        )
    return list(people.values())


def _person(row: Row) -> tuple[str, Person]:
    if not row["person"]:
        raise BadCell("no person is named")
    word = row["arm"].lower()
    if word not in _TREATED | _HELD_OUT:
        raise BadCell(f"{row['arm']!r} is no arm; write treated or holdout")
    try:
        # Python would read 1_0 as ten.
        revenue = float((row["revenue"] or "0").replace("_", "?"))
    except ValueError:
        raise BadCell(f"{row['revenue']!r} is no amount; write it as 1234.50") from None
    if not abs(revenue) < MAX_MINOR:
        raise BadCell(f"{row['revenue']!r} is out of range")
    return row["person"], Person(word in _HELD_OUT, read_yes_no(row["converted"]), revenue)


def _arm(people: Iterable[Person]) -> Arm:
    some = list(people)
    return Arm.of([one.revenue for one in some], sum(one.has_bought for one in some))


def _sample_ratio(treated: Arm, held_out: Arm, share: float | None) -> dict[str, Any]:
    found = held_out.people / (treated.people + held_out.people)
    expected = min(_USUAL, key=lambda one: abs(one - found)) if share is None else share
    p = sample_ratio_p(treated.people, held_out.people, expected)
    return {
        "expected_holdout_share": expected,
        "is_assumed": share is None,
        "holdout_share": found,
        "p": p,
        "ok": p >= BROKEN_BELOW,
    }


def _compared(treated: Arm, held_out: Arm, plain: Interval) -> dict[str, Any]:
    relative = relative_lift(treated, held_out)
    return {
        "treated": treated.mean,
        "holdout": held_out.mean,
        "difference": plain.estimate,
        "interval": [plain.lower, plain.upper],
        "relative_lift": None if relative is None else asdict(relative),
        "always_valid": {
            "interval": _bounds(always_valid_difference(treated, held_out)),
            "p": always_valid_p(treated, held_out),
        },
    }


def _brought(treated: Arm, held_out: Arm, plain: Interval) -> dict[str, Any]:
    """A difference a person, over all who were treated: what the messages brought in all."""
    valid = always_valid_difference(treated, held_out).times(treated.people)
    return {**asdict(plain.times(treated.people)), "always_valid": {"interval": _bounds(valid)}}


def _capped(people: Sequence[Person]) -> dict[str, Any]:
    """The same with the largest revenues cut to the 99th percentile of both arms together."""
    revenues = sorted(one.revenue for one in people)
    cap = revenues[-1 - len(revenues) // _ONE_IN]
    treated, held_out = (
        Arm.of([min(one.revenue, cap) for one in people if one.is_held_out is arm], 0)
        for arm in (False, True)
    )
    difference = mean_difference(treated, held_out)
    return {"at": cap, "difference": difference.estimate, "interval": _bounds(difference)}


def _verdict(treated: Arm, held_out: Arm, *, is_sound: bool) -> dict[str, Any]:
    """What may be said: nothing of a broken assignment, and not before the data carry it."""
    alpha = {"alpha": ALPHA}
    if not is_sound:
        return {"verdict": "assignment is broken", "people_needed": None, **alpha}
    looked_at = always_valid_difference(treated.of_rate, held_out.of_rate)
    if looked_at.excludes_zero:
        word = "lift" if looked_at.estimate > 0 else "loss"
        return {"verdict": word, "people_needed": None, **alpha}
    return {
        "verdict": "not enough data yet",
        "people_needed": _people_needed(treated, held_out),
        **alpha,
    }


def _people_needed(treated: Arm, held_out: Arm) -> int | None:
    """By power, and by what it takes until a verdict is told: who is asked to wait is not asked again."""
    if treated.rate == held_out.rate:
        return None
    share = held_out.people / (treated.people + held_out.people)
    return max(
        people_needed(held_out.rate, treated.rate, share, _POWER),
        people_until_told(treated.of_rate, held_out.of_rate),
    )


def _bounds(interval: Interval) -> list[float]:
    return [interval.lower, interval.upper]
