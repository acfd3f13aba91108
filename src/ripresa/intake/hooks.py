"""What providers and shops call us about: stored raw, then answered with what they want to hear.

The address of a call ends with a signed id of the provider account or connection it is for. Whether the
call is believed is decided by its reader, in a worker; what comes to an address that we have not signed
is not stored at all.
"""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import psycopg
import structlog
from psycopg.errors import ForeignKeyViolation
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ripresa.core.clock import Clock
from ripresa.core.ids import new_id
from ripresa.core.signed_ids import Named, SignedIds
from ripresa.core.sql import statement
from ripresa.intake.answers import Answer, Refused, Unavailable
from ripresa.intake.bodies import Incoming
from ripresa.intake.rates import TokenBuckets
from ripresa.intake.requests import Request
from ripresa.intake.room import Held, Room

# A batch of a mail service, or a customer's reply with a picture in it.
MAX_CALL_BYTES = 2 << 20
HOOK_ROOM_BYTES = 4 << 20
# Calls a second for one account: a service tells of each mail apart, some four times.
RATE = 200
REMEMBERED_SECONDS = 30.0
REMEMBERED_HOOKS = 2_000
_STORE_SECONDS = 3.0

_log = structlog.get_logger("ripresa.hooks")
_Reply = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Callers:
    """Who calls: for whom the address is signed; `find` names the statement that gives their reply."""

    ids: SignedIds
    find: str


class Hooks:
    """Takes calls of one kind of callers, each at an address of its own."""

    def __init__(self, pool: AsyncConnectionPool, callers: Callers, clock: Clock) -> None:
        self._pool = pool
        self._callers = callers
        self._clock = clock
        self._rates = TokenBuckets()
        self._known: dict[Named, tuple[float, _Reply | None]] = {}
        self.room = Room(HOOK_ROOM_BYTES)

    async def take(self, request: Request, body: Incoming) -> Answer:
        """Store a call and answer it. Raises Refused or Unavailable: then the caller tries again."""
        named = self._callers.ids.read(request.path.rpartition("/")[2])
        reply = None if named is None else await self._reply(named)
        if named is None or reply is None:
            _log.warning("a call to an address that is nobody's", method=request.method)
            raise Refused(404, "not_found", "nobody of ours has this address")
        if request.method == "HEAD":
            return _answer(reply)
        wait = self._rates.wait(named, RATE, time.monotonic())
        if wait > 0:
            message = f"at most {RATE} calls a second for one address"
            raise Refused(429, "too_many_requests", message, retry_after=wait)
        with Held(self.room) as held:
            content = await body.read(held, limit=MAX_CALL_BYTES)
            await self._store(named, request, content)
        return _answer(reply)

    async def _store(self, named: Named, request: Request, body: bytes) -> None:
        now = self._clock.now()
        values = {
            "shop_id": named.shop_id,
            "id": new_id(now),
            "row_id": named.row_id,
            "method": request.method,
            "target": _target(request),
            "headers": json.dumps(_headers(request.scope["headers"])),
            "body": body,
            "received_at": now,
        }
        try:
            async with self._pool.connection(timeout=_STORE_SECONDS) as connection:
                await connection.execute(statement("ripresa.intake", "store_call"), values)
        except ForeignKeyViolation:
            raise Refused(404, "not_found", "the shop of this address is gone") from None
        except (psycopg.Error, PoolTimeout):
            raise _away() from None

    async def _reply(self, named: Named) -> _Reply | None:
        """What the caller wants to hear; None: there is nobody behind this address, or it is mute."""
        known = self._known.get(named)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        reply = await self._look_up(named.shop_id, named.row_id)
        self._known.pop(named, None)
        if len(self._known) >= REMEMBERED_HOOKS:
            del self._known[next(iter(self._known))]
        self._known[named] = (time.monotonic() + REMEMBERED_SECONDS, reply)
        return reply

    async def _look_up(self, shop_id: int, row_id: UUID) -> _Reply | None:
        try:
            async with self._pool.connection(timeout=_STORE_SECONDS) as connection:
                cursor = await connection.execute(
                    statement("ripresa.intake", self._callers.find),
                    {"shop_id": shop_id, "row_id": row_id},
                )
                row = await cursor.fetchone()
        except (psycopg.Error, PoolTimeout):
            raise _away() from None
        if row is None or row[0] is None:
            return None
        reply = row[0]
        return reply["status"], reply["content_type"], reply["body"]


def _answer(reply: _Reply) -> Answer:
    status, content_type, body = reply
    return Answer(status, body.encode(), ((b"content-type", content_type.encode()),))


def _away() -> Unavailable:
    return Unavailable("the database is away; nothing was accepted, try again")


_NUL = re.compile("\0")


def _target(request: Request) -> str:
    """Path and query, as a signature may cover them."""
    query: bytes = request.scope.get("query_string", b"")
    path: bytes = request.scope.get("raw_path") or request.path.encode()
    target = path.partition(b"?")[0] + (b"?" + query if query else b"")
    return _NUL.sub("", target.decode("latin-1"))


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header names in lower case; several values of one name are joined (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name = _NUL.sub("", raw_name.decode("latin-1").lower())
        value = _NUL.sub("", raw_value.decode("latin-1"))
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
