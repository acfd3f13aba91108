"""Statements that a Citus cluster would refuse are not written (docs/adr/0001, OPS-1)."""

import re

import pytest

from tests.architecture.tree import SRC, relative, walk

REFUSED = {
    # It inserts no constant into the column a table is cut by, and `shop_id` is one in every statement of ours.
    "MERGE INTO": re.compile(r"\bMERGE\s+INTO\b", re.IGNORECASE),
    "ON DELETE SET NULL": re.compile(r"\bON\s+DELETE\s+SET\s+NULL\b", re.IGNORECASE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_no_statement_is_one_that_citus_refuses(name):
    found = [
        relative(path)
        for path in walk(SRC)
        if path.suffix in {".sql", ".py"} and REFUSED[name].search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
