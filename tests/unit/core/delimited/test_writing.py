"""Tables as files: what stands in them is read, not run."""

import csv
import io

import pytest

from ripresa.core.delimited.writing import as_csv


def through(cell: str) -> str:
    [[read]] = csv.reader(io.StringIO(as_csv([[cell]])))
    return read


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "-", "+39 06 1", "=", "--1"]
)
def test_what_a_spreadsheet_would_run_is_text(cell):
    assert through(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["-3.20", "-1", "+393331234567", "0.5", "Ada", "a=b", "", "'=1+1", "–", "a\n=1", 'x"y']
)
def test_all_else_stays_as_it_is_and_numbers_can_be_summed_up(cell):
    assert through(cell) == cell
