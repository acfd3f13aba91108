"""The console's own stylesheet: what a merge leaves open swallows every rule behind it."""

from importlib.resources import files


def test_every_block_is_closed_before_the_next_chapter():
    text = (files("ripresa.console") / "static/console/console.css").read_text()
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        assert not (line.startswith("/*") and depth), f"line {number}: a block before it is open"
        depth += line.count("{") - line.count("}")
        assert depth >= 0, f"line {number} closes what is not open"
    assert depth == 0
