"""The shipped program at work: `ripresa up` on a throw-away database, a sink for its mails, and its cost."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from bench.frame import HOME
from bench.intake import ROOT, new_key, wait_for
from bench.plan import DAY, SCENARIO

_TICKS = os.sysconf("SC_CLK_TCK")
_MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE | re.IGNORECASE)


class Program:
    """`ripresa up` and its sink. `port` is where its intake listens."""

    def __init__(self, port: int, process: subprocess.Popen, mails: Path) -> None:
        self.port = port
        self.process = process
        self._mails = mails

    def message_ids(self) -> list[str]:
        """Of every mail in the sink; one that came twice stands there twice."""
        return [
            found[1].decode()
            for file in self._mails.iterdir()
            if (found := _MESSAGE_ID.search(file.read_bytes()))
        ]

    def roles(self) -> dict[str, int]:
        """The processes that it keeps alive, by name."""
        named = {}
        for pid in _descendants(self.process.pid):
            words = _command_of(pid)
            for role in ("web", "worker"):
                if f"ripresa.entrypoints {role}" in words:
                    named[role] = pid
        return named

    def cpu_seconds(self) -> float:
        """What it has used so far, with PostgreSQL and all that have ended."""
        pids = [self.process.pid, *_descendants(self.process.pid)]
        postmaster = postmaster_pid()
        pids += [postmaster, *_descendants(postmaster)]
        return sum(cpu_of(pid, with_ended=pid in {self.process.pid, postmaster}) for pid in pids)


@contextmanager
def running(dsn: str) -> Iterator[Program]:
    """The program on `dsn` while the `with` lasts."""
    from bench.smtp_peers import dumping_sink

    with (
        tempfile.TemporaryDirectory(prefix="ripresa-bench-live-") as place,
        dumping_sink() as swallows,
    ):
        port = _free_port()
        said = Path(place, "said").open("wb")  # noqa: SIM115  (closed below)
        process = subprocess.Popen(
            [sys.executable, "-m", "ripresa.entrypoints", "up"],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": dsn,
                "RIPRESA_HOME": str(Path(place, "home")),
                "RIPRESA_BIND": f"127.0.0.1:{port}",
                "RIPRESA_SMTP_URL": swallows.url,
            },
            stdout=said,
            stderr=said,
        )
        try:
            wait_for(port, seconds=60)
            yield Program(port, process, swallows.folder)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            said.close()


def go_live(shop_id: int) -> str:
    """A scenario that writes a day after a cart was left is live; returns a key to the intake."""
    from ripresa.usecases.scenarios import activate_scenario
    from ripresa.usecases.scenarios.publish_scenario import publish_scenario

    # Long before: what is laid with a past of its own still counts as left since.
    before = datetime.now(UTC) - 3 * DAY
    text = SCENARIO.replace('quiet_hours: {email: {from: "07:00", until: "22:00"}}\n', "")
    published = publish_scenario(shop_id=shop_id, text=text, file_name="bench", now=before)
    activate_scenario.activate(shop_id=shop_id, scenario_id=published.scenario_id, now=before)
    return new_key(os.environ["DATABASE_URL"], shop_id)


def wait_until_sent(shop_id: int, count: int, seconds: float) -> int:
    """Until so many messages of a shop are over, or the time is; returns how many are."""
    until = time.monotonic() + seconds
    while True:
        over = _over(shop_id)
        if over >= count or time.monotonic() > until:
            return over
        time.sleep(0.05)


def let_leases_end(shop_id: int) -> None:
    """As if the lease were over of all that a killed worker had in hand: who waits for it waits minutes."""
    from ripresa.domain.messages.models import Message
    from ripresa.usecases.expire_leases import expire_leases
    from ripresa.usecases.send_messages import LEASE

    now = datetime.now(UTC)
    expire_leases(shop_id=shop_id, now=now + 2 * LEASE)
    Message.objects.filter(shop_id=shop_id, due_at__gt=now + LEASE).update(due_at=now)


def lateness(shop_id: int, since: datetime) -> list[float]:
    """Seconds between when a mail was to go and when it went, of those that were to go since, in order."""
    from ripresa.domain.messages.models import Message

    gone = Message.objects.filter(shop_id=shop_id, tried_at__isnull=False)
    times = gone.values_list("tried_at", "cart__left_at")
    late = [
        (at - left - DAY).total_seconds()
        for at, left in times
        if left is not None and left + DAY >= since
    ]
    return sorted(late)


def last_departure(shop_id: int, cart_ids: list[UUID]) -> datetime:
    """When the last mail about some carts left."""
    from django.db.models import Max

    from ripresa.domain.messages.models import Message

    own = Message.objects.filter(shop_id=shop_id, cart_id__in=cart_ids)
    found = own.aggregate(last=Max("tried_at"))["last"]
    return found or datetime.now(UTC) + timedelta(days=365)


def truth_of_mails(shop_ids: list[int], program: Program, wanted: int) -> str:
    """Each that was to go left once: none is lost, none doubled, what is recorded is what the sink has."""
    from ripresa.domain.messages.models import Message

    ids = program.message_ids()
    if len(ids) != len(set(ids)):
        return f"failed: {len(ids) - len(set(ids))} mails came twice"
    written = Message.objects.filter(shop_id__in=shop_ids).exclude(state="skipped")
    states = list(written.values_list("state", flat=True))
    sent, unknown = states.count("sent"), states.count("unknown")
    if sent + unknown != wanted or len(states) != wanted:
        return f"failed: of {wanted} mails {sent} were sent, {unknown} may have been"
    if not sent <= len(ids) <= sent + unknown:
        return f"failed: {sent} rows sent, {unknown} unknown, {len(ids)} mails in the sink"
    return "ok"


def postmaster_pid() -> int:
    """The PostgreSQL that all of it stands on."""
    [file] = HOME.rglob("postmaster.pid")
    return int(file.read_text().splitlines()[0])


def _over(shop_id: int) -> int:
    from ripresa.domain.messages.models import Message

    return Message.objects.filter(shop_id=shop_id, state__in=("sent", "unknown")).count()


def _descendants(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        for task in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            try:
                children = [int(one) for one in task.read_text().split()]
            except OSError:  # it has ended meanwhile
                continue
            found += children
            waiting += children
    return found


def _command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def cpu_of(pid: int, *, with_ended: bool = False) -> float:
    """Processor seconds a process has used, with or without those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0.0
    own = int(fields[11]) + int(fields[12])
    ended = int(fields[13]) + int(fields[14]) if with_ended else 0
    return (own + ended) / _TICKS


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
