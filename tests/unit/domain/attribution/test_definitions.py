"""RPT-3: each number has its definition beside it, from one place."""

from pathlib import Path

from ripresa.domain.attribution.definitions import NOTE, definitions, statements
from ripresa.usecases.reporting.figures import COUNTS
from ripresa.usecases.reporting.restores import Restores
from ripresa.usecases.reporting.telling import SUMS, tell_restores

SQL = Path(__file__).parents[4] / "src/ripresa/domain/attribution/sql"
FROM_PAGE = "../../src/ripresa/domain/attribution/sql"
PAGE = Path(__file__).parents[4] / "docs" / "reference" / "figures.md"


def test_every_figure_that_travels_is_defined():
    assert {*COUNTS, *SUMS, "click_rate", "orders", "coupon_orders"} <= set(definitions())
    [told] = tell_restores([Restores("shop", "", 2, 1)])
    assert {*told} - {"source", "platform"} <= set(definitions())


def test_the_page_says_what_the_console_says():
    text = PAGE.read_text(encoding="utf-8")
    rows = [
        f"| `{one.name}` | {one.title} | {one.meaning} | {one.dated} | "
        f"{', '.join(f'[{name}]({FROM_PAGE}/{name}.sql)' for name in one.counted_by)} |"
        for one in definitions().values()
    ]
    header = ["| figure | called | meaning | by | counted by |", "|---|---|---|---|---|"]
    assert "\n".join([*header, *rows]) in text
    assert NOTE in text


def test_every_figure_names_the_statements_that_count_it():
    """Those of other figures tell nothing of it, and what stands on no page counts nothing."""
    assert all(one.counted_by for one in definitions().values())
    assert {name for name, text in statements().items() if "FROM" in text} == set(statements())
    rolled = {path.stem for path in SQL.glob("roll_*.sql")}
    others = {"customers", "restores", "credit", "people_drawn", "people_in_arms", "proof"}
    assert rolled | others == set(statements())
