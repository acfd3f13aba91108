"""RPT-3: each number has its definition beside it, from one place."""

from pathlib import Path

from ripresa.domain.attribution.definitions import NOTE, definitions
from ripresa.usecases.reporting.figures import COUNTS
from ripresa.usecases.reporting.telling import SUMS

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "figures.md"


def test_every_figure_that_travels_is_defined():
    assert {*COUNTS, *SUMS, "click_rate", "orders", "coupon_orders"} <= set(definitions())


def test_the_page_says_what_the_console_says():
    text = PAGE.read_text(encoding="utf-8")
    rows = [
        f"| `{one.name}` | {one.title} | {one.meaning} | {one.dated} |"
        for one in definitions().values()
    ]
    assert "\n".join(["| figure | called | meaning | by |", "|---|---|---|---|", *rows]) in text
    assert NOTE in text
