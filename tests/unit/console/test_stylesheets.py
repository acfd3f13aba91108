"""The console's own style sheets: a brace that is lost in a merge takes everything after it away."""

from pathlib import Path

import pytest

import ripresa.console

SHEETS = sorted((Path(ripresa.console.__file__).parent / "static/console").glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_block_that_opens_closes(sheet):
    depth = 0
    for number, line in enumerate(sheet.read_text(encoding="utf-8").splitlines(), 1):
        depth += line.count("{") - line.count("}")
        assert depth >= 0, number
        # A rule at the left edge stands in no other one.
        assert not (line.startswith((".", "#", "/*")) and depth > line.count("{")), number
    assert depth == 0
