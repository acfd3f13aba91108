"""Judge a hold-out test from a file of people: what the messages brought beyond what came by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
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
    always_valid_shares,
    conversion_difference,
    relative_lift,
    revenue_difference,
    sample_ratio_p,
)
from ripresa.domain.attribution.needed import needed
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
    Column(("currency",), is_needed=False),
)
_TREATED = frozenset({"treated", "treatment", "test", "messages", "sent", "exposed"})
_HELD_OUT = frozenset({"holdout", "hold-out", "hold_out", "held_out", "heldout", "control"})
# Of so many people the one who spent most (a whale) is cut to what the next one spent.
_ONE_IN = 100
# Of shares the intervals for every day are cut off at what is possible.
ALWAYS_VALID = "confidence sequence, arXiv 2103.06476; of shares within -1 and 1"
OF_REVENUE = (
    "score intervals of both arms, set against each other as Newcombe 1998; Zou and Donner 2008"
)
NOT_KNOWN_YET = "not known yet: it takes buyers in both arms"
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
    people, rows, currency = _read(path)
    try:
        return {"rows": rows, "currency": currency, **judge(people, share=share)}
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
    revenue = revenue_difference(treated, held_out)
    shares, money = (
        always_valid_shares(treated, held_out),
        always_valid_difference(treated, held_out),
    )
    return {
        "people": {"treated": treated.people, "holdout": held_out.people},
        "sample_ratio": ratio,
        "conversion": {
            **_compared(treated.of_rate, held_out.of_rate, conversion, shares),
            "method": "Newcombe 1998, hybrid score",
        },
        "revenue_per_person": {
            **_compared(treated, held_out, revenue, money),
            "method": OF_REVENUE,
            "capped": _capped(people),
        },
        "incremental_revenue": _brought(treated.people, revenue, money),
        "incremental_orders": _brought(treated.people, conversion, shares),
        "always_valid_method": ALWAYS_VALID,
        **_verdict(treated, held_out, shares, is_sound=ratio["ok"]),
    }


def _read(path: Path) -> tuple[list[Person], int, str | None]:
    """The people of a file, how many rows told of them, and their currency where it is named."""
    people: dict[str, Person] = {}
    crossed, currencies = set(), set()
    rows = read_table(path, _COLUMNS, _person)
    for name, person, currency in rows:
        if person.revenue:
            currencies.add(currency)
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
    if len(currencies) > 1:
        raise BadTable(
            f"{path.name}: revenues stand in several currencies ("
            f"{', '.join(sorted(code or 'none named' for code in currencies))}), and no sum crosses "
            "currencies: judge each in a file of its own, with everybody in it"
        )
    return list(people.values()), len(rows), next(iter(currencies), "") or None


def _person(row: Row) -> tuple[str, Person, str]:
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
    if revenue < 0:
        raise BadCell(f"{row['revenue']!r} is negative: no more is given back than was paid")
    has_bought = read_yes_no(row["converted"])
    if revenue and not has_bought:
        raise BadCell(f"a revenue of {row['revenue']} from somebody who did not convert")
    # Capitals tell nobody apart, as in files of touchpoints.
    return (
        row["person"].lower(), Person(word in _HELD_OUT, has_bought, revenue), row["currency"].upper(),
    )  # fmt: skip


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


def _compared(treated: Arm, held_out: Arm, plain: Interval, looked_at: Interval) -> dict[str, Any]:
    relative = relative_lift(treated, held_out)
    return {
        "treated": treated.mean,
        "holdout": held_out.mean,
        "difference": plain.estimate,
        "interval": plain.bounds,
        "not_known": None if plain.is_known else NOT_KNOWN_YET,
        "relative_lift": None if relative is None else asdict(relative),
        "always_valid": {
            "interval": looked_at.bounds,
            "p": always_valid_p(treated, held_out),
        },
    }


def _brought(people: int, plain: Interval, looked_at: Interval) -> dict[str, Any]:
    """A difference a person, over all `people` who were treated: what the messages brought in all."""
    lower, upper = plain.times(people).bounds or (None, None)
    return {
        "estimate": plain.estimate * people,
        "lower": lower,
        "upper": upper,
        "always_valid": {"interval": looked_at.times(people).bounds},
    }


def _capped(people: Sequence[Person]) -> dict[str, Any]:
    """The same with the largest revenues cut to the 99th percentile of both arms together."""
    revenues = sorted(one.revenue for one in people)
    cap = revenues[-1 - len(revenues) // _ONE_IN]
    treated, held_out = (
        _arm(
            replace(one, revenue=min(one.revenue, cap)) for one in people if one.is_held_out is arm
        )
        for arm in (False, True)
    )
    difference = revenue_difference(treated, held_out)
    return {"at": cap, "difference": difference.estimate, "interval": difference.bounds}


def _verdict(treated: Arm, held_out: Arm, looked_at: Interval, *, is_sound: bool) -> dict[str, Any]:
    """By the share who bought, on any day one looks."""
    word = "lift" if looked_at.estimate > 0 else "loss"
    return {
        **verdict(word, looked_at, (treated.of_rate, held_out.of_rate), ALPHA, is_sound=is_sound),
        "alpha": ALPHA,
    }


def verdict(
    word: str, looked_at: Interval, arms: tuple[Arm, Arm], alpha: float, *, is_sound: bool
) -> dict[str, Any]:
    """What may be said: nothing of a broken assignment, and `word` not before the data carry it.

    If not, how many people it takes, both arms, and what for (see `domain.attribution.needed`).
    """
    one, two = arms
    nothing = {
        "people_so_far": one.people + two.people, "people_needed": None, "people_needed_for": None,
    }  # fmt: skip
    if not is_sound:
        return {"verdict": "assignment is broken", **nothing}
    if looked_at.excludes_zero:
        return {"verdict": word, **nothing}
    people, what_for = needed(one, two, alpha)
    return {
        "verdict": "not enough data yet",
        **nothing,
        "people_needed": people,
        "people_needed_for": what_for.value,
    }
