"""Opens and clicks: kept raw, judged later. A GET changes nothing but that it was seen."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ripresa.contracts.feedback import (
    CLICK_PATH,
    CLICK_PURPOSE,
    OPEN_PATH,
    OPEN_PURPOSE,
    TRACKING,
    FeedbackKind,
)
from ripresa.core.clock import Clock
from ripresa.core.ids import new_id
from ripresa.core.signed_ids import Named, SignedIds
from ripresa.core.sql import statement
from ripresa.intake.answers import Answer, Refused
from ripresa.intake.committer import Committer, DatabaseAway
from ripresa.intake.requests import Request

# A GIF89a of one transparent point.
PICTURE = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
# More of one message is not kept: whoever has its links could fill the table.
MOST = 1_000
_LONGEST = 1_000
_CONNECT_SECONDS = 2.0
_CLICK = re.compile(r"([a-z2-7]{1,60})-([0-9]{1,4})", re.ASCII | re.IGNORECASE)
# What a browser says that fetches ahead of its user.
_AHEAD = (b"purpose", b"sec-purpose", b"x-purpose", b"x-moz")
_QUIET = ((b"cache-control", b"no-store"), (b"x-robots-tag", b"noindex"))
# Beyond these a URL is left as it is: what has to be quoted in a header is quoted, and nothing twice.
_SAFE = "%:/?#[]@!$&'()*+,;=~"


class Seen(NamedTuple):
    """One open or click, in the order of store_seen.sql; `number` is the link's, None for an open."""

    shop_id: int
    message_id: UUID
    id: UUID
    kind: str
    number: int | None
    at: datetime
    detail: str
    user_agent: str
    ip: str


class SeenWriter:
    """Keeps opens and clicks, a batch in one statement."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def write(self, seen: Sequence[Seen]) -> dict[UUID, str | None]:
        """Where each leads, by its id: an open to "", what names no message or link nowhere.

        Raises DatabaseAway.
        """
        columns = [list(column) for column in zip(*seen, strict=True)]
        try:
            async with self._pool.connection(timeout=_CONNECT_SECONDS) as connection:
                cursor = await connection.execute(
                    statement("ripresa.intake", "store_seen"),
                    [*columns, TRACKING, MOST],
                    prepare=True,
                )
                return dict(await cursor.fetchall())
        except (psycopg.Error, PoolTimeout) as away:
            raise DatabaseAway(str(away)) from away


class Tracking:
    """Answers `/c/…` and `/o/…`. `secret_key` signs what follows."""

    def __init__(
        self, pool: AsyncConnectionPool, secret_key: str, clock: Clock, *, trust_proxy: bool
    ) -> None:
        # Written together, as events are: a mail to many is opened by many in the same minute.
        self.committer = Committer(SeenWriter(pool).write)
        self._clock = clock
        self._trust_proxy = trust_proxy
        self._clicks = SignedIds(secret_key, CLICK_PURPOSE)
        self._opens = SignedIds(secret_key, OPEN_PURPOSE)

    async def answer(self, request: Request) -> Answer:
        """Lead a click on, or show the picture. Raises Refused or Unavailable."""
        is_click = request.path.startswith(CLICK_PATH)
        return await (self._click(request) if is_click else self._open(request))

    async def _click(self, request: Request) -> Answer:
        """On to where the link of the message led."""
        found = _CLICK.fullmatch(request.path.removeprefix(CLICK_PATH))
        named = None if found is None else self._clicks.read(found[1])
        if found is None or named is None:
            raise _nothing_there()
        url = await self._store(request, named, FeedbackKind.CLICKED, int(found[2]))
        if not url or not url.startswith(("https://", "http://")):
            raise _nothing_there()
        to = quote(url, safe=_SAFE).encode()
        return Answer(302, b"", ((b"location", to), *_QUIET))

    async def _open(self, request: Request) -> Answer:
        """The picture, whoever asks: to those who name no message, too."""
        named = self._opens.read(request.path.removeprefix(OPEN_PATH))
        if named is not None:
            await self._store(request, named, FeedbackKind.OPENED, None)
        return Answer(200, PICTURE, ((b"content-type", b"image/gif"), *_QUIET))

    async def _store(
        self, request: Request, named: Named, kind: FeedbackKind, number: int | None
    ) -> str | None:
        now = self._clock.now()
        seen = Seen(
            named.shop_id,
            named.row_id,
            new_id(now),
            kind.value,
            number,
            now,
            _probe(request),
            _plain(request.user_agent() or ""),
            _plain(request.client_ip(trust_proxy=self._trust_proxy)),
        )
        return (await self.committer.store([seen])).get(seen.id)


def _probe(request: Request) -> str:
    if request.method == "HEAD":
        return "head"
    said = b" ".join(request.headers.get(name, b"").lower() for name in _AHEAD)
    return "prefetch" if b"prefetch" in said or b"preview" in said else ""


def _plain(text: str) -> str:
    return text.replace("\0", "")[:_LONGEST]


def _nothing_there() -> Refused:
    return Refused(404, "not_found", "there is nothing at this address")
