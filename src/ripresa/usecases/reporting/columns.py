"""What stands in the columns of reports, for files that know types."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from ripresa.core.delimited.parquet import Kind, typed, write_parquet
from ripresa.domain.attribution.crediting import MODELS
from ripresa.usecases.reporting.figures import COUNTS
from ripresa.usecases.reporting.proof import CHECKS
from ripresa.usecases.reporting.recovery import CAUSES
from ripresa.usecases.reporting.telling import SUMS

_WHOLE = (
    *COUNTS, *(f"recovered_by_{cause}" for cause in CAUSES), "orders", "coupon_orders", "abandoned",
    "recovered", "all_orders", "place", "people", "buyers", "messages", "outcome_days", "people_treated",
    "people_holdout", "people_needed", "weeks_more", "restore_followed", "restore_back",
)  # fmt: skip
_MONEY = (
    *SUMS, *(model.value for model in MODELS), "abandoned_value", "recovered_revenue", "all_revenue",
    "refunded", "net", "share",
)  # fmt: skip
# Means of a person are no whole amounts of money.
_RATES = (
    "restore_rate", "value_share", "revenue_share", "treated", "holdout", "difference", "lower", "upper",
    "always_valid_lower", "always_valid_upper",
    *(
        f"{mean}{side}{end}"
        for mean in ("conversion", "revenue_per_person", "profit_per_person")
        for side in ("", "_more")
        for end in ("", "_from", "_to")
    ),
)  # fmt: skip
_LINES_AT_ONCE = 5_000
KINDS = {
    **dict.fromkeys(_WHOLE, Kind.WHOLE),
    **dict.fromkeys(_MONEY, Kind.MONEY),
    **dict.fromkeys(_RATES, Kind.RATE),
    **dict.fromkeys(("placed_at", "at", "handed_over_at"), Kind.INSTANT),
    **dict.fromkeys(CHECKS, Kind.FLAG),
    "day": Kind.DAY,
    "of_agents": Kind.FLAG,
}


def write_report(lines: Iterable[Sequence[str]], to: BinaryIO) -> None:
    """Write the lines of a report, the header first, as Parquet, a page at a time. Raises NoParquet."""
    waiting = iter(lines)
    header = next(waiting)
    columns, _ = typed([header], KINDS)
    write_parquet(to, columns, _pages(header, waiting))


def _pages(header: Sequence[str], lines: Iterator[Sequence[str]]) -> Iterator[list[list[Any]]]:
    while page := list(islice(lines, _LINES_AT_ONCE)):
        yield typed([header, *page], KINDS)[1]
