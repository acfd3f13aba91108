"""Parquet with exact types, and a plain word where it can't be written."""

import sys
from datetime import UTC, date, datetime
from io import BytesIO

import pyarrow.parquet
import pytest

from ripresa.core.delimited.parquet import Kind, NoParquet, typed, write_parquet

KINDS = {
    "day": Kind.DAY, "at": Kind.INSTANT, "sent": Kind.WHOLE, "revenue": Kind.MONEY, "rate": Kind.RATE,
    "ours": Kind.FLAG,
}  # fmt: skip
LINES = [
    ["name", "day", "at", "sent", "currency", "revenue", "rate", "ours"],
    [
        "a",
        "2026-11-01",
        "2026-11-01T10:00:00+01:00",
        "3",
        "EUR",
        "1234567890.12",
        "0.25",
        "yes",
    ],
    ["b", "", "", "", "JPY", "1200", "", "no"],
]


def test_money_is_whole_and_instants_are_in_utc():
    out = BytesIO()
    columns, rows = typed(LINES, KINDS)
    assert write_parquet(out, columns, [rows[:1], rows[1:], []]) == 2
    table = pyarrow.parquet.read_table(out)
    assert [str(field.type) for field in table.schema] == [
        "string", "date32[day]", "timestamp[us, tz=UTC]", "int64", "string", "int64", "double", "bool",
    ]  # fmt: skip
    first, second = table.to_pylist()
    assert (first["revenue_minor"], second["revenue_minor"]) == (123456789012, 1200)
    assert first["day"] == date(2026, 11, 1)
    assert first["at"] == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert (first["ours"], second["ours"], second["at"], second["rate"]) == (
        True,
        False,
        None,
        None,
    )


def test_without_pyarrow_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NoParquet, match=r"ripresa\[parquet\]"):
        write_parquet(BytesIO(), {"a": Kind.TEXT}, [])
