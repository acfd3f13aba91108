"""What stands in the columns of reports, for files that know types."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from ripresa.core.delimited.parquet import Kind, typed, write_parquet
from ripresa.domain.attribution.crediting import MODELS
from ripresa.usecases.reporting.figures import COUNTS
from ripresa.usecases.reporting.recovery import CAUSES
from ripresa.usecases.reporting.telling import SUMS

_WHOLE = (
    *COUNTS, *(f"recovered_by_{cause}" for cause in CAUSES), "orders", "coupon_orders", "abandoned",
    "recovered", "all_orders", "place",
)  # fmt: skip
_MONEY = (
    *SUMS, *(model.value for model in MODELS), "abandoned_value", "recovered_revenue", "all_revenue",
    "refunded", "net", "share",
)  # fmt: skip
KINDS = {
    **dict.fromkeys(_WHOLE, Kind.WHOLE),
    **dict.fromkeys(_MONEY, Kind.MONEY),
    **dict.fromkeys(("value_share", "revenue_share"), Kind.RATE),
    **dict.fromkeys(("placed_at", "at"), Kind.INSTANT),
    "day": Kind.DAY,
    "of_agents": Kind.FLAG,
}


def as_parquet(lines: Iterable[Sequence[str]]) -> bytes:
    """The lines of a report, the header first, as a Parquet file. Raises NoParquet."""
    columns, rows = typed(lines, KINDS)
    out = BytesIO()
    write_parquet(out, columns, [rows])
    return out.getvalue()
