"""Contacts, carts, orders and messages as tables, page by page: for a file, and for programs.

The headings are those that an import knows. Amounts in major units, instants in UTC.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple, TextIO
from uuid import UUID

from ripresa.core import query
from ripresa.core.delimited.parquet import Kind, write_parquet
from ripresa.core.delimited.writing import write_csv
from ripresa.core.money import Money

PAGE = 2000
_FIRST = UUID(int=0)


class Table(NamedTuple):
    """What stands in the columns of an export; the first is the row's id. `minor`: amounts."""

    columns: tuple[str, ...]
    minor: frozenset[str] = frozenset()
    currency: str = "currency"


TABLES: Mapping[str, Table] = {
    "contacts": Table(
        ("id", "email", "phone", "customer_id", "first_name", "last_name", "locale", "timezone",
         "agent", "country", "postal_code", "city", "street", "email_state", "sms_state",
         "letter_state", "created_at"),
    ),
    "carts": Table(
        ("id", "source", "cart_token", "checkout_id", "state", "kind", "email", "phone",
         "customer_id", "currency", "total", "contents", "device", "begun_at", "left_at",
         "abandoned_at", "ended_at", "cause"),
        frozenset({"total"}),
    ),
    "orders": Table(
        ("id", "source", "order_id", "number", "placed_at", "email", "phone", "customer_id",
         "currency", "total", "discount_total", "tax_total", "shipping_total", "refunded", "codes",
         "origin", "status", "cancelled_at"),
        frozenset({"total", "discount_total", "tax_total", "shipping_total", "refunded"}),
    ),
    "messages": Table(
        ("id", "origin_kind", "origin_id", "step", "channel", "template", "language", "state",
         "reason", "to_address", "subject", "coupon_code", "cost_currency", "cost", "planned_for",
         "handed_over_at", "delivery", "delivered_at"),
        frozenset({"cost"}),
        "cost_currency",
    ),
}  # fmt: skip


def export_page(
    kind: str, *, shop_id: int, after: UUID | None = None, most: int = PAGE
) -> tuple[list[tuple[str, ...]], UUID | None]:
    """Up to `most` rows behind the id `after`, and the id of the last; None: there are no more."""
    table = TABLES[kind]
    found = _found(kind, shop_id, after or _FIRST, most)
    rows = [_row(table, values) for values in found[:most]]
    return rows, found[most - 1][0] if len(found) > most else None


def export_chosen(kind: str, *, shop_id: int, ids: Sequence[UUID]) -> Iterator[tuple[str, ...]]:
    """The headings, and the rows of these ids in this order; an id that is not there has none."""
    table = TABLES[kind]
    yield table.columns
    for at in range(0, len(ids), PAGE):
        page = list(ids[at : at + PAGE])
        found = query.run("ripresa.usecases.files", f"chosen_{kind}", shop_id=shop_id, ids=page)
        by_id = {values[0]: values for values in found}
        yield from (_row(table, by_id[one]) for one in page if one in by_id)


def export_table(
    kind: str, *, shop_id: int, to: TextIO, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Write all rows, with their headings; returns how many."""
    write_csv([TABLES[kind].columns], to)
    count = 0
    for rows in _pages(kind, shop_id):
        write_csv(rows, to)
        count += len(rows)
        progress(count)
    return count


def export_parquet(kind: str, *, shop_id: int, to: BinaryIO) -> int:
    """Write all rows as Parquet, amounts as minor units; returns how many. Raises NoParquet."""
    table = TABLES[kind]
    kinds = {name: _kind(name, table) for name in table.columns}

    def pages() -> Iterator[list[list[Any]]]:
        after: UUID | None = _FIRST
        while after is not None:
            found = _found(kind, shop_id, after, PAGE)
            yield [
                [_typed(cell, kinds[name]) for name, cell in zip(kinds, row, strict=True)]
                for row in found[:PAGE]
            ]
            after = found[PAGE - 1][0] if len(found) > PAGE else None

    return write_parquet(to, kinds, pages())


def _kind(name: str, table: Table) -> Kind:
    if name in table.minor:
        return Kind.MONEY
    return Kind.INSTANT if name.endswith("_at") or name == "planned_for" else Kind.TEXT


def _typed(cell: Any, kind: Kind) -> Any:
    return str(cell) if kind is Kind.TEXT and cell is not None else cell


def _found(kind: str, shop_id: int, after: UUID, most: int) -> list[tuple[Any, ...]]:
    return query.run(
        "ripresa.usecases.files", f"export_{kind}", shop_id=shop_id, after=after, most=most + 1
    )


def _pages(kind: str, shop_id: int) -> Iterator[list[tuple[str, ...]]]:
    rows, after = export_page(kind, shop_id=shop_id)
    yield rows
    while after is not None:
        rows, after = export_page(kind, shop_id=shop_id, after=after)
        yield rows


def _row(table: Table, values: Sequence[Any]) -> tuple[str, ...]:
    named = dict(zip(table.columns, values, strict=True))
    currency = named[table.currency] if table.minor else None
    return tuple(
        _amount(value, currency) if name in table.minor else _cell(value)
        for name, value in named.items()
    )


def _amount(minor: int | None, currency: str | None) -> str:
    return "" if minor is None or not currency else f"{Money(minor, currency).decimal():f}"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return str(value)
