"""Who is knocking: a key, its shop, and what it may do. Answers are remembered for a while.

A key reads `rk_<shop>_<random>` (secret: the shop's own systems) or `pk_<shop>_<random>` (public:
it stands in the shop's pages). A revoked key, and a changed shop, are noticed within
REMEMBERED_SECONDS.
"""

import asyncio
import re
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ripresa.core.sql import statement
from ripresa.intake.answers import Refused, Unavailable

REMEMBERED_SECONDS = 30.0
REMEMBERED_KEYS = 10_000
LOOKUP_SECONDS = 3.0
# Strangers who try keys may not take the connections away from those who have one.
LOOKUPS_AT_ONCE = 2
LOOKUPS_WAITING = 200

_T = TypeVar("_T")

_BEARER = b"Bearer "
_KEY = re.compile(rb"(rk|pk)_([1-9][0-9]{0,17})_[A-Za-z0-9_-]{8,200}")
_KINDS = {b"rk": "secret", b"pk": "public"}


@dataclass(frozen=True, slots=True)
class Access:
    """What a key opens. `source` is what inbox rows carry; `rate` counts requests a second."""

    shop_id: int
    key_id: UUID
    is_public: bool
    source: str
    rate: int
    hosts: frozenset[str]
    collect_enabled: bool
    # The pop-up as pages get it, as JSON; None: the shop has none.
    popup: str | None = None


class AccessKeys:
    """Finds what a key opens.

    Known and unknown keys are remembered apart, so that guesses push out nothing but guesses.
    """

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._known: dict[bytes, tuple[float, Access]] = {}
        self._unknown: dict[bytes, float] = {}
        self._asking: dict[bytes, asyncio.Task[Access | None]] = {}
        self._turn = asyncio.Semaphore(LOOKUPS_AT_ONCE)

    async def find(self, authorization: bytes | None) -> Access:
        """What the key in an Authorization header opens. Raises Refused (401) or Unavailable."""
        if authorization is None or not authorization.startswith(_BEARER):
            raise _unknown_key("send the shop's key: Authorization: Bearer <key>")
        text = authorization[len(_BEARER) :].strip()
        digest = sha256(text).digest()
        remembered = self._known.get(digest)
        if remembered is not None and remembered[0] > time.monotonic():
            return remembered[1]
        access = await self._ask_once(text, digest)
        if access is None:
            raise _unknown_key("this key is not known, or was revoked")
        return access

    async def _ask_once(self, text: bytes, digest: bytes) -> Access | None:
        """However many requests wait for one key, the database is asked once."""
        if (key := _KEY.fullmatch(text)) is None or self._unknown.get(digest, 0) > time.monotonic():
            return None
        asking = self._asking.get(digest)
        if asking is None:
            if len(self._asking) >= LOOKUPS_WAITING:
                raise Unavailable("too many unknown keys are being looked up; try again")
            asking = asyncio.create_task(self._ask(int(key[2]), _KINDS[key[1]], digest))
            self._asking[digest] = asking
            asking.add_done_callback(lambda _: self._asking.pop(digest, None))
        return await asyncio.shield(asking)

    async def _ask(self, shop_id: int, kind: str, digest: bytes) -> Access | None:
        try:
            async with asyncio.timeout(LOOKUP_SECONDS), self._turn:
                access = await self._look_up(shop_id, kind, digest)
        except (psycopg.Error, PoolTimeout, TimeoutError):
            raise Unavailable("the database is away; nothing was accepted, try again") from None
        until = time.monotonic() + REMEMBERED_SECONDS
        if access is None:
            _remember(self._unknown, digest, until)
        else:
            _remember(self._known, digest, (until, access))
        return access

    async def _look_up(self, shop_id: int, kind: str, digest: bytes) -> Access | None:
        async with self._pool.connection(timeout=LOOKUP_SECONDS) as connection:
            cursor = await connection.execute(
                statement("ripresa.intake", "find_access_key"),
                {"shop_id": shop_id, "digest": digest},
            )
            row = await cursor.fetchone()
        if row is None or row[1] != kind:
            return None
        key_id, _, source, rate, hosts, collect_enabled, popup = row
        is_public = kind == "public"
        return Access(
            shop_id=shop_id,
            key_id=key_id,
            is_public=is_public,
            source=f"{source}/storefront" if is_public else source,
            rate=rate,
            hosts=frozenset(host.lower() for host in hosts),
            collect_enabled=collect_enabled,
            popup=popup,
        )


def _remember(memory: dict[bytes, _T], digest: bytes, value: _T) -> None:
    memory.pop(digest, None)
    if len(memory) >= REMEMBERED_KEYS:
        del memory[next(iter(memory))]
    memory[digest] = value


def _unknown_key(message: str) -> Refused:
    return Refused(401, "unknown_key", message)
