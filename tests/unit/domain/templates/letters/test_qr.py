"""QR codes: every one is what segno makes of the same text."""

import re

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from ripresa.domain.templates.letters.qr import qr_code


def modules(svg):
    """The dark modules of a drawing, as (row, column)."""
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    found = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)\.5h(\d+)", svg):
        found |= {(int(y) - 4, int(x) - 4 + step) for step in range(int(width))}
    return side - 8, found


def expected(text):
    made = segno.make(text.encode(), error="m", mode="byte", mask=4, micro=False, boost_error=False)
    dark = {(y, x) for y, row in enumerate(made.matrix) for x, module in enumerate(row) if module}
    return len(made.matrix), dark


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/"), min_size=12, max_size=12))  # fmt: skip
def test_a_link_of_ours_is_the_code_that_segno_makes(token):
    text = f"https://mail.shop.example/s/{token}"
    assert modules(qr_code(text).svg) == expected(text)


@pytest.mark.parametrize(
    "text",
    ["a", "https://shop.example/", "https://shop.example/ü", "https://x.example/" + "y" * 90],
)
def test_any_other_text_too(text):
    assert modules(qr_code(text).svg) == expected(text)


def test_it_is_large_enough_to_be_read():
    short, long = qr_code("https://x.example/s/abc"), qr_code("https://x.example/" + "y" * 300)
    assert short.size_mm - 2 * short.quiet_mm == pytest.approx(20)
    side, _ = modules(long.svg)
    assert (long.size_mm - 2 * long.quiet_mm) / side >= 0.44
