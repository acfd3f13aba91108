"""Stage 10: opens and clicks, stored before they are answered, against an application that does nothing.

Every other request asks for the picture of a mail, the others follow a link of one; each is kept raw for a
message of its own turn, so that no message is asked for more often than is kept. The same server, the same
connections, slices in turns; the figure is the median ratio of requests a second.
"""

import os
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count

import psycopg

from bench.clients import Tally
from bench.intake import CONNECTIONS, compared, in_turns, pressed, served

MESSAGES = 4_000
SECRET = "a secret for the bench only"
URL = "https://shop.test/vino/%d"
GOAL = 0.35
_HEAD = "GET %s HTTP/1.1\r\nHost: mail.test\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n\r\n"


class Seen(Tally):
    """Counts pictures and ways on. What the null application says counts as well."""

    def note(self, answer: bytes) -> None:
        self.requests += 1
        if answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 302")):
            self.accepted += 1
        elif not answer.startswith(b"HTTP/1.1 202"):
            raise RuntimeError(f"not taken: {answer[:300]!r}")


class Readers:
    """Makes requests: opens and clicks in turns, over all messages."""

    def __init__(self, shop_id: int, ids: list) -> None:
        from ripresa.domain.messages.links import Letterhead

        letterhead = Letterhead("http://mail.test", SECRET)
        pairs = [
            url.removeprefix("http://mail.test")
            for one in ids
            for url in (letterhead.open_url(shop_id, one), letterhead.click_url(shop_id, one, 0))
        ]
        self._requests = [(_HEAD % path).encode() for path in pairs]
        self._numbers = count()

    def __call__(self) -> bytes:
        return self._requests[next(self._numbers) % len(self._requests)]


def run(stage: int) -> dict:
    """Measure stage 10 on a throw-away database."""
    from bench.frame import shop_database

    with shop_database() as shop_id, ExitStack() as stack:
        readers = Readers(shop_id, _messages(shop_id))
        dsn = os.environ["DATABASE_URL"]
        ports = {kind: stack.enter_context(served(kind, dsn)) for kind in ("null", "ours")}
        answered = 0

        def slice_of(kind: str) -> float:
            nonlocal answered
            tally = pressed(ports[kind], CONNECTIONS, readers, Seen)
            answered += tally.accepted if kind == "ours" else 0
            return tally.requests / tally.seconds

        ours, limits = in_turns(lambda: slice_of("ours"), lambda: slice_of("null"))
        return {
            "stage": stage,
            "workload": f"opens and clicks, stored, {CONNECTIONS} connections",
            "limit": "null application on the same server",
            "goal": GOAL,
            **compared(ours, limits),
            "truth": _truth(dsn, answered),
        }


def _messages(shop_id: int) -> list:
    """Mails that have left, each with one link."""
    from ripresa.core.ids import ids_in_order
    from ripresa.domain.contacts.models import Contact
    from ripresa.domain.messages.models import Message, MessageContent

    now = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)
    ids = ids_in_order(now)
    ada = Contact.objects.create(
        shop_id=shop_id, id=next(ids), email="ada@people.test", created_at=now
    )
    made = [
        Message(
            shop_id=shop_id, id=next(ids), origin_kind="campaign", origin_id=next(ids), step="message",
            step_number=1, channel="email", contact_id=ada.id, template="reminder", state="sent",
            planned_for=now, handed_over_at=now, departed_at=now, settled_at=now,
            to_address="ada@people.test",
        )
        for _ in range(MESSAGES)
    ]  # fmt: skip
    Message.objects.bulk_create(made)
    MessageContent.objects.bulk_create(
        MessageContent(shop_id=shop_id, id=one.id, words=b"", urls=[URL % number])
        for number, one in enumerate(made)
    )
    return [one.id for one in made]


def _truth(dsn: str, answered: int) -> str:
    """Every picture and every way on that was given is kept once, for its own message and link."""
    with psycopg.connect(dsn) as connection:
        kept, distinct, opened, led = connection.execute(
            "SELECT count(*), count(DISTINCT event_id), count(*) FILTER (WHERE kind = 'opened'),"
            " count(*) FILTER (WHERE kind = 'clicked' AND url LIKE 'https://shop.test/vino/%')"
            " FROM message_feedback"
        ).fetchone()
    if not answered == kept == distinct == opened + led:
        return f"failed: {answered} answered, {kept} kept, {distinct} distinct, {opened} + {led}"
    return "ok"
