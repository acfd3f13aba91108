"""The style sheet of the console: a brace that is lost in a merge silently takes all rules behind it away."""

from pathlib import Path

import ripresa.console

STYLES = Path(ripresa.console.__file__).parent / "static" / "console" / "console.css"


def test_every_block_that_is_opened_is_closed_before_the_next_part():
    depth = 0
    for number, line in enumerate(STYLES.read_text("utf-8").splitlines(), 1):
        if line.startswith(("/*", "@media", "@font-face")):
            assert depth == 0, f"line {number}: a block above is not closed"
        depth += line.count("{") - line.count("}")
        assert depth >= 0, f"line {number}: nothing to close"
    assert depth == 0
