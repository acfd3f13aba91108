"""Reports to take away: every CSV has its Parquet beside it, and a missing package is told on a page."""

import asyncio
import csv
import io
import re

import pyarrow.parquet

from ripresa.core.delimited import parquet
from ripresa.core.delimited.taking_away import IN_MEMORY, take_away_csv
from ripresa.domain.carts.models import Order
from tests.db.console.pages import text_of
from tests.worlds.addresses import address

PAGES = ("reports", "reports-orders", "reports-order", "reports-tests", "reports-anyway", "reports-proof")  # fmt: skip


def test_every_report_has_both_buttons_and_both_hold_the_same_rows(world, ada):
    for name in PAGES:
        page = ada.get(address(name, world.shop, world)).content.decode()
        lines, table = (
            re.search(rf'href="(/wines/reports/[^"]+\.{kind}[^"]*)"', page)[1]
            for kind in ("csv", "parquet")
        )
        lines = ada.get(lines).getvalue().decode().splitlines()
        read = pyarrow.parquet.read_table(io.BytesIO(ada.get(table).getvalue()))
        assert read.num_rows == max(len(lines) - 1, 0), name


def test_no_cell_of_a_report_is_a_formula(world, ada):
    """The numbers of orders are whatever a shop, or a file that somebody brought, calls them."""
    Order.objects.filter(shop=world.shop).update(number="=HYPERLINK(1)")
    table = ada.get(address("reports-orders-csv", world.shop, world)).getvalue().decode()
    assert {row["number"] for row in csv.DictReader(io.StringIO(table))} == {"'=HYPERLINK(1)"}


def test_without_pyarrow_the_page_says_what_is_missing(world, ada, monkeypatch):
    def missing():
        raise parquet.NoParquet("no pyarrow")

    monkeypatch.setattr(parquet, "_arrow", missing)
    told = ada.get(address("reports-orders-parquet", world.shop, world))
    assert told.status_code == 501
    assert "No Parquet from this install" in text_of(told)
    assert "pip install 'ripresa[parquet]'" in text_of(told)
    assert "Overview Carts" in text_of(told)


def test_a_long_file_goes_out_bit_by_bit():
    lines = [["order", "note"], *([f"#{number}", "x" * 999] for number in range(2_000))]
    answer = take_away_csv(lines, "orders-März")
    assert answer.streaming

    async def parts() -> list[bytes]:
        return [part async for part in answer]

    sent = asyncio.run(parts())
    answer.file_to_stream.close()
    whole = b"".join(sent)
    assert len(whole) == int(answer.headers["Content-Length"])
    assert len(whole) > IN_MEMORY
    assert whole.splitlines()[-1][:7] == b"#1999,x"
    assert max(map(len, sent)) <= 1 << 16
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''orders-M%C3%A4rz.csv"
    )
