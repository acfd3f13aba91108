"""Stages 1 to 3: the intake, against an application that does nothing and against COPY.

1: single events of 0.9 kB, 64 connections: requests a second ÷ those of a null application on the same
server. 2: batches of 50: events a second ÷ COPY of the same rows into the same table. 3: latency at half
of the peak. Slices of limit and ours take turns (limit, ours, ours, limit); the figure is the median ratio.

What clients send, and what COPY copies, is laid out before a slice begins.
"""

import io
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg

from bench.clients import Clients, Stock, Tally

ROUNDS = 7
SLICE_SECONDS = 1.5
CONNECTIONS = 64
BATCH = 50
BATCH_CONNECTIONS = 16
COPY_ROWS = 20_000
PEOPLE = 20_000
GOALS = {1: 0.45, 2: 0.50, 3: "p99 ≤ 10 ms"}
ROOT = Path(__file__).resolve().parent.parent

_ITEM = (
    '{"sku":"A%d","product_id":"p%d","title":"Vino rosso della casa","variant":"0,75 l","quantity":2,'
    '"unit_price":"29.90","url":"https://shop.test/vino/%d","image_url":"https://shop.test/img/%d.webp",'
    '"categories":["wine"]}'
)
_EVENT = (
    '{"id":"%s%d","type":"cart.updated","occurred_at":"2026-10-03T15:02:11.123Z","visitor_id":"v_%d",'
    '"user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",'
    '"contact":{"email":"ada%d@people.test","phone":"+3933312%05d","first_name":"Ada","last_name":"Rossi",'
    '"locale":"it-IT","timezone":"Europe/Rome","consent":{"email":"granted"}},"cart":{"token":"cart_%d",'
    '"currency":"EUR","items":[%s,%s],"total":"119.60"}}'
)
_COPY = (
    "COPY inbox (shop_id, id, source, external_id, type, trusted, occurred_at, received_at, payload)"
    " FROM STDIN"
)


class Shopfront:
    """Makes requests. No two events have the same id; people come back every PEOPLE events."""

    def __init__(self, key: str) -> None:
        self._run = secrets.token_hex(4)
        self._numbers = count()
        self._head = (
            "POST /v1/events HTTP/1.1\r\nHost: intake.test\r\n"
            f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: "
        )

    def event(self) -> str:
        number = next(self._numbers)
        who = number % PEOPLE
        first, second = _ITEM % (who, who, who, who), _ITEM % (who, 7, 7, 7)
        return _EVENT % (self._run, number, who, who, who, who, first, second)

    def single(self) -> bytes:
        return self._request(self.event())

    def batch(self) -> bytes:
        return self._request(f"[{','.join([self.event() for _ in range(BATCH)])}]")

    def _request(self, body: str) -> bytes:
        return f"{self._head}{len(body)}\r\n\r\n{body}".encode()


def run(stage: int) -> dict:
    """Measure one of the stages 1 to 3 on a throw-away database."""
    from bench.frame import shop_database

    with shop_database() as shop_id, ExitStack() as stack:
        dsn = os.environ["DATABASE_URL"]
        front = Shopfront(new_key(dsn, shop_id))
        ports = {
            kind: stack.enter_context(served(kind, dsn))
            for kind in (("null", "ours") if stage == 1 else ("ours",))
        }
        measured = {1: _singles, 2: _batches, 3: _latency}[stage](front, ports, dsn)
        return {"stage": stage, "goal": GOALS[stage], **measured}


def _singles(front: Shopfront, ports: dict[str, int], dsn: str) -> dict:
    accepted = 0

    def slice_of(kind: str) -> float:
        nonlocal accepted
        tally = pressed(ports[kind], CONNECTIONS, front.single)
        accepted += tally.accepted if kind == "ours" else 0
        return tally.requests / tally.seconds

    ours, limits = in_turns(lambda: slice_of("ours"), lambda: slice_of("null"))
    return {
        "workload": f"intake, single events of 0.9 kB, {CONNECTIONS} connections",
        "limit": "null application on the same server",
        **compared(ours, limits),
        "truth": _truth(dsn, accepted),
    }


def _batches(front: Shopfront, ports: dict[str, int], dsn: str) -> dict:
    accepted = 0

    def ours() -> float:
        nonlocal accepted
        tally = pressed(ports["ours"], BATCH_CONNECTIONS, front.batch)
        accepted += tally.accepted
        return tally.accepted / tally.seconds

    mine, limits = in_turns(ours, lambda: _copied(dsn, front))
    return {
        "workload": f"intake, batches of {BATCH}, {BATCH_CONNECTIONS} connections",
        "limit": "COPY of the same rows into the same table",
        **compared(mine, limits),
        "truth": _truth(dsn, accepted),
    }


def _latency(front: Shopfront, ports: dict[str, int], dsn: str) -> dict:
    """Open loop at half of the peak just measured: p99 in milliseconds, from when a request was due."""
    tallies, peaks, p99s = [], [], []
    for _ in range(ROUNDS):
        peak = pressed(ports["ours"], CONNECTIONS, front.single)
        peaks.append(peak.requests / peak.seconds)
        clients = Clients(ports["ours"], CONNECTIONS)
        stock = Stock(front.single, int(peaks[-1] * SLICE_SECONDS) + CONNECTIONS)
        paced = clients.pace(stock, 2 * SLICE_SECONDS, peaks[-1] / 2)
        clients.close()
        tallies += [peak, paced]
        p99s.append(paced.percentile(0.99) * 1000)
    return {
        "workload": f"intake, single events at half of the peak, {CONNECTIONS} connections",
        "ours_per_second": round(statistics.median(peaks) / 2),
        "limit": "peak of the same run",
        "limit_per_second": round(statistics.median(peaks)),
        "ratio": f"p99 {statistics.median(p99s):.1f} ms",
        "spread": round((max(p99s) - min(p99s)) / statistics.median(p99s), 2),
        "truth": _truth(dsn, sum(tally.accepted for tally in tallies)),
    }


def pressed(
    port: int, connections: int, make: Callable[[], bytes], tally_of: type[Tally] = Tally
) -> Tally:
    """One slice, with as many requests in stock as the slice before of this port would have used up."""
    stock = Stock(make, _used.get(port, 0))
    clients = Clients(port, connections, tally_of)
    try:
        tally = clients.press(stock, SLICE_SECONDS)
    finally:
        clients.close()
    _used[port] = tally.requests * 3 // 2
    return tally


_used: dict[int, int] = {}


def _copied(dsn: str, front: Shopfront) -> float:
    """Rows a second of one COPY of rows such as the intake stores."""
    from ripresa.core.ids import new_id

    now = datetime.now(UTC)
    text = io.StringIO()
    for number in range(COPY_ROWS):
        row = (
            1,
            new_id(now),
            "copy",
            f"{front.event()[7:30]}{number}",
            "cart.updated",
            "t",
            now,
            now,
        )
        payload = front.event().replace("\\", "\\\\")
        text.write("\t".join(map(str, row)) + f"\t{payload}\n")
    laid_out = text.getvalue().encode()
    with psycopg.connect(dsn) as connection:
        began = time.perf_counter()
        with connection.cursor().copy(_COPY) as copy:
            copy.write(laid_out)
        connection.commit()
        return COPY_ROWS / (time.perf_counter() - began)


def in_turns(
    ours: Callable[[], float], limit: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """A warm-up, then rounds of limit, ours, ours, limit: the mean of each pair."""
    limit()
    ours()
    mine, limits = [], []
    for _ in range(ROUNDS):
        before, one, other, after = limit(), ours(), ours(), limit()
        mine.append((one + other) / 2)
        limits.append((before + after) / 2)
    return mine, limits


def compared(ours: list[float], limits: list[float]) -> dict:
    ratios = [mine / limit for mine, limit in zip(ours, limits, strict=True)]
    return {
        "ours_per_second": round(statistics.median(ours)),
        "limit_per_second": round(statistics.median(limits)),
        "ratio": round(statistics.median(ratios), 3),
        "spread": round((max(ratios) - min(ratios)) / statistics.median(ratios), 2),
    }


def new_key(dsn: str, shop_id: int) -> str:
    """A secret key of the shop, allowed as many requests as there may be."""
    key = f"rk_{shop_id}_{secrets.token_urlsafe(24)}"
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO access_key (shop_id, id, kind, digest, source, label, rate_per_second, created_at)"
            " VALUES (%s, %s, 'secret', %s, 'shop', 'bench', 1000000, %s)",
            (shop_id, uuid4(), sha256(key.encode()).digest(), datetime.now(UTC)),
        )
    return key


@contextmanager
def served(kind: str, dsn: str) -> Iterator[int]:
    """The shipped server in a process of its own; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.intake_server", kind, str(port)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": dsn},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError(f"the server ({kind}) did not start")
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, *, seconds: float = 10.0) -> None:
    """Until somebody listens there."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _truth(dsn: str, accepted: int) -> str:
    """Every event that was accepted is stored, each once, and nothing else is."""
    with psycopg.connect(dsn) as connection:
        stored, distinct = connection.execute(
            "SELECT count(*), count(DISTINCT external_id) FROM inbox WHERE source = 'shop'"
        ).fetchone()
    if not accepted == stored == distinct:
        return f"failed: {accepted} accepted, {stored} stored, {distinct} distinct"
    return "ok"
