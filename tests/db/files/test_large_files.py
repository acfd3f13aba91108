"""CUS-4: a large file takes the memory of a small one, and goes in at a good pace.

`RIPRESA_IMPORT_ROWS` sets the size; the figures of docs/how-to/import-files.md are those of 1,000,000.
"""

import os
import resource
import time

import pytest

from ripresa.domain.imports import operations
from ripresa.usecases.files.bringing import Brought, bring, find_import
from ripresa.usecases.files.manner import Manner
from ripresa.usecases.files.taking import FileTaker
from tests.rows import T0

ROWS = int(os.environ.get("RIPRESA_IMPORT_ROWS", "200000"))
MOST_MEGABYTES = 60
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def write(path, rows):
    with path.open("w", encoding="utf-8") as out:
        out.write("email;first name;phone;country;newsletter;consent date;consent source\n")
        for number in range(rows):
            yes = "yes;2026-03-01 10:00;checkout" if number % 3 == 0 else ";;"
            out.write(f"p{number}@example.test;P{number % 977};+39333{number:07d};IT;{yes}\n")
    return path


def take(shop, path):
    with path.open("rb") as content:
        one = bring(
            shop=shop, brought=Brought("contacts", path.name, "", Manner()), content=content, now=T0
        )
    operations.start(one, T0)
    taker = FileTaker()
    while taker.take(shop_id=shop.id, import_id=one.id, now=T0):
        pass
    return find_import(shop.id, one.id)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_ten_times_the_rows_take_no_more_memory(shop, tmp_path, capsys):
    take(shop, write(tmp_path / "small.csv", ROWS // 10))
    small, begun = peak(), time.monotonic()
    done = take(shop, write(tmp_path / "large.csv", ROWS))
    seconds = time.monotonic() - begun
    with capsys.disabled():
        print(f"\n{ROWS} rows in {seconds:.0f} s, {ROWS / seconds:.0f} a second; {peak():.0f} MB")
    assert (done.state, done.good, done.wrong) == ("done", ROWS, 0)
    assert done.fresh == ROWS + len(range(0, ROWS, 3)) - ROWS // 10 - len(range(0, ROWS // 10, 3))
    assert peak() - small < MOST_MEGABYTES
