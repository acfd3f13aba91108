"""Tables as Parquet, with exact types: money as whole minor units, instants in UTC, never a float for either.

pyarrow is no part of a plain install: it is looked for when somebody asks for Parquet, and not before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from importlib import import_module
from types import ModuleType
from typing import Any, BinaryIO

from ripresa.core.money import parse_minor

MEDIA_TYPE = "application/vnd.apache.parquet"


class NoParquet(Exception):
    """pyarrow is not installed; the message says how it is."""


class Kind(StrEnum):
    """What stands in a column. MONEY: minor units of the currency that the row names."""

    TEXT = "text"
    WHOLE = "whole"
    MONEY = "money"
    RATE = "rate"
    INSTANT = "instant"
    DAY = "day"
    FLAG = "flag"


def write_parquet(
    to: BinaryIO, columns: Mapping[str, Kind], pages: Iterable[Sequence[Sequence[Any]]]
) -> int:
    """Write pages of rows, a group each; returns how many rows. Raises NoParquet.

    Cells are of their column's kind, None where there is nothing. A money column is called `<name>_minor`.
    """
    arrow, parquet = _arrow()
    types = {
        Kind.TEXT: arrow.string(),
        Kind.WHOLE: arrow.int64(),
        Kind.MONEY: arrow.int64(),
        Kind.RATE: arrow.float64(),
        Kind.INSTANT: arrow.timestamp("us", tz="UTC"),
        Kind.DAY: arrow.date32(),
        Kind.FLAG: arrow.bool_(),
    }
    schema = arrow.schema([(_called(name, kind), types[kind]) for name, kind in columns.items()])
    count = 0
    with parquet.ParquetWriter(to, schema, compression="zstd") as writer:
        for page in pages:
            cells: list[tuple[Any, ...]] = list(zip(*page, strict=True)) or [()] * len(columns)
            arrays = [
                arrow.array(column, type=field.type)
                for column, field in zip(cells, schema, strict=True)
            ]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            count += len(page)
    return count


def typed(
    lines: Iterable[Sequence[str]], kinds: Mapping[str, Kind]
) -> tuple[dict[str, Kind], list[list[Any]]]:
    """Lines of a CSV, the header first, as columns and rows of their kinds; text where none is named.

    Money stands in major units of the currency in the column `currency`.
    """
    header, *rows = list(lines)
    columns = {name: kinds.get(name, Kind.TEXT) for name in header}
    where = header.index("currency") if "currency" in header else None
    return columns, [
        [
            _read(cell, kind, "" if where is None else row[where])
            for cell, kind in zip(row, columns.values(), strict=True)
        ]
        for row in rows
    ]


def _read(cell: str, kind: Kind, currency: str) -> Any:  # noqa: PLR0911  (one kind a line)
    if kind is Kind.TEXT:
        return cell
    if not cell:
        return None
    match kind:
        case Kind.WHOLE:
            return int(cell)
        case Kind.MONEY:
            return parse_minor(cell, currency)
        case Kind.RATE:
            return float(cell)
        case Kind.INSTANT:
            return datetime.fromisoformat(cell)
        case Kind.DAY:
            return date.fromisoformat(cell)
    return cell == "yes"


def _called(name: str, kind: Kind) -> str:
    return f"{name}_minor" if kind is Kind.MONEY else name


def _arrow() -> tuple[ModuleType, ModuleType]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise NoParquet(
            "Parquet needs the package pyarrow: pip install 'ripresa[parquet]'; CSV needs nothing"
        ) from None
