"""The intake as an ASGI application: check, store, then answer."""

import asyncio
import gc
import time
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ripresa.contracts.decoding import Outcome, decode_collected, decode_events
from ripresa.contracts.feedback import CLICK_PATH, HOOK_PATH, HOOK_PURPOSE, OPEN_PATH
from ripresa.contracts.rejections import BadBody, Invalid, RejectionCode
from ripresa.contracts.shops.connector import SHOP_HOOK_PATH, SHOP_HOOK_PURPOSE
from ripresa.core.clock import Clock
from ripresa.core.signed_ids import SignedIds
from ripresa.intake.access import Access, AccessKeys
from ripresa.intake.answers import Answer, Receive, Refused, Scope, Send, Unavailable, accepted
from ripresa.intake.bodies import MAX_BODY_BYTES, Incoming
from ripresa.intake.committer import COMMITTERS, Committer
from ripresa.intake.hooks import Callers, Hooks
from ripresa.intake.inbox_writer import Connection, InboxWriter
from ripresa.intake.rates import TokenBuckets
from ripresa.intake.requests import Request
from ripresa.intake.room import Held, Room
from ripresa.intake.rows import Batch, Visit, from_shop, from_storefront
from ripresa.intake.storefront import cors, popup
from ripresa.intake.storefront.caps import StorefrontCaps
from ripresa.intake.tracking import Tracking

# What requests under way may hold. The storefront has room of its own: a flood from pages, whose
# key anybody has, never takes the shop's own systems theirs.
ROOM_BYTES = 4 << 20
STOREFRONT_ROOM_BYTES = 2 << 20
# More than a browser sends from a page that is being left (64 KiB); reading one takes milliseconds.
MAX_COLLECT_BYTES = 256 << 10

POPUP_PATH = "/v1/popup"
PATHS = frozenset({"/v1/events", "/v1/collect", POPUP_PATH, "/health"})
READY_SECONDS = 2.0
_STATEMENT_MILLISECONDS = 2_400
_SILENCE_MILLISECONDS = 10_000
_RECONNECT_SECONDS = 5.0
_COLLECT_AFTER = 20_000  # new objects that may be part of a cycle; Python's own choice is 700


class IntakeApp:
    """ASGI callable: `POST /v1/events`, `POST /v1/collect`, `/hooks/…`, `GET /health`.

    `database_url` is a libpq address; `clock` says when something was received; `secret_key` signs the
    addresses that providers call; `trust_proxy` takes
    the client's address from X-Forwarded-For. Runs from `start` to `stop`, or in an ASGI lifespan.
    """

    def __init__(
        self, database_url: str, clock: Clock, secret_key: str, *, trust_proxy: bool = False
    ) -> None:
        self._clock = clock
        self._trust_proxy = trust_proxy
        self._pool = _pool(database_url)
        self._keys = AccessKeys(self._pool)
        self._committer = Committer(InboxWriter(self._pool).write)
        self._rates = TokenBuckets()
        self._caps = StorefrontCaps()
        self._room = Room(ROOM_BYTES)
        self._storefront_room = Room(STOREFRONT_ROOM_BYTES)
        feedback = Callers(SignedIds(secret_key, HOOK_PURPOSE), "find_hook")
        self._hooks = Hooks(self._pool, feedback, clock)
        shops = Callers(SignedIds(secret_key, SHOP_HOOK_PURPOSE), "find_connection")
        self._shop_hooks = Hooks(self._pool, shops, clock)
        self._tracking = Tracking(self._pool, secret_key, clock, trust_proxy=trust_proxy)
        self._watches: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to work. If the database is away, requests get a 503 until it is back."""
        _calm_the_collector()
        await self._pool.open(wait=False)
        self._committer.start()
        self._tracking.committer.start()
        rooms = (self._room, self._storefront_room, self._hooks.room, self._shop_hooks.room)
        self._watches = [asyncio.create_task(room.watch()) for room in rooms]

    async def stop(self) -> None:
        """Store what waits, then let go of the database."""
        await self._committer.stop()
        await self._tracking.committer.stop()
        for watch in self._watches:
            watch.cancel()
        await self._pool.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through one lifespan."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            request = Request.of(scope)
            body = Incoming(receive, request.headers.get(b"content-length"))
            answer = await self._answer(request, body)
            await answer.give(send)

    async def _answer(self, request: Request, body: Incoming) -> Answer:
        try:
            match request.method, request.path:
                case "POST", "/v1/events":
                    return await self._take_events(request, body)
                case "POST" | "OPTIONS", "/v1/collect":
                    return await self._answer_page(request, body)
                case "GET" | "HEAD", "/health":
                    return await self._health(request)
                case "GET" | "HEAD" | "POST", path if path.startswith(SHOP_HOOK_PATH):
                    is_feedback = path.startswith(HOOK_PATH)
                    hooks = self._hooks if is_feedback else self._shop_hooks
                    return await hooks.take(request, body)
                case _:
                    return await self._answer_reader(request)
        except Refused as refusal:
            await body.drain()
            return refusal.answer

    async def _answer_reader(self, request: Request) -> Answer:
        """Whoever reads a page or a mail: the pop-up's settings, links, the picture."""
        if request.path == POPUP_PATH and request.method in {"GET", "HEAD"}:
            return await self._show_popup(request)
        if request.path.startswith((CLICK_PATH, OPEN_PATH)) and request.method in {"GET", "HEAD"}:
            return await self._tracking.answer(request)
        return _no_such_thing(request)

    async def _take_events(self, request: Request, body: Incoming) -> Answer:
        access = await self._keys.find(request.headers.get(b"authorization"))
        if access.is_public:
            raise Refused(403, "public_key", "a public key writes to /v1/collect only")
        self._take_turn(access)
        request.require_json()
        with Held(self._room) as held:
            # No name holds the body or the events: a thousand waiting ones take four megabytes.
            return await self._store(
                from_shop(
                    _decoded(await body.read(held, limit=MAX_BODY_BYTES)),
                    access,
                    self._clock.now(),
                )
            )

    async def _answer_page(self, request: Request, body: Incoming) -> Answer:
        origin = request.headers.get(b"origin")
        if request.method == "OPTIONS":
            return cors.preflight(origin)
        try:
            answer = await self._collect(request, body, origin)
        except Refused as refusal:
            await body.drain()
            answer = refusal.answer
        return cors.readable(answer, origin)

    async def _collect(self, request: Request, body: Incoming, origin: bytes | None) -> Answer:
        access = await self._keys.find(request.headers.get(b"authorization"))
        if not access.is_public:
            raise Refused(403, "secret_key", "never put a secret key in a page: use a public one")
        cors.require_own_origin(origin, access.hosts)
        if not access.collect_enabled:
            raise Refused(410, "switched_off", "the shop has switched its storefront script off")
        self._take_turn(access)
        request.require_json()
        with Held(self._storefront_room) as held:
            return await self._store(
                self._visited(await body.read(held, limit=MAX_COLLECT_BYTES), request, access)
            )

    async def _show_popup(self, request: Request) -> Answer:
        """The pop-up of the public key in the query: without a header, browsers ask nothing before."""
        try:
            access = await self._keys.find(b"Bearer " + request.asked("key"))
            answer = popup.answer(access)
        except Refused as refusal:
            answer = refusal.answer
        return cors.readable(answer, request.headers.get(b"origin"))

    def _visited(self, body: bytes, request: Request, access: Access) -> Batch:
        try:
            sent_at, outcomes = decode_collected(body)
        except BadBody as wrong:
            raise _unreadable(wrong) from None
        visit = Visit(
            sent_at=sent_at,
            ip=request.client_ip(trust_proxy=self._trust_proxy),
            user_agent=request.user_agent(),
            at=time.monotonic(),
            speed=self._clock.speed,
        )
        return from_storefront(outcomes, access, self._clock.now(), visit=visit, caps=self._caps)

    def _take_turn(self, access: Access) -> None:
        wait = self._rates.wait(access.key_id.int, access.rate, time.monotonic())
        if wait > 0:
            message = f"this key may make {access.rate} requests a second"
            raise Refused(429, "too_many_requests", message, retry_after=wait)

    async def _store(self, batch: Batch) -> Answer:
        if not batch.rows:
            return accepted(0, 0, batch.rejected)
        written = await self._committer.store(batch.rows)
        if not written.known and not written.refused:
            return accepted(len(batch.rows), 0, batch.rejected)
        refused = [
            Invalid("", RejectionCode.NOT_STORABLE).rejection(index)
            for row, index in zip(batch.rows, batch.indexes, strict=True)
            if row.id in written.refused
        ]
        known = sum(row.id in written.known for row in batch.rows)
        rejected = sorted((*batch.rejected, *refused), key=lambda rejection: rejection.index)
        return accepted(len(batch.rows) - known - len(refused), known, rejected)

    async def _health(self, request: Request) -> Answer:
        """Alive; with `?ready=1` also: the database answers."""
        if request.asks("ready"):
            try:
                async with self._pool.connection(timeout=READY_SECONDS) as connection:
                    await connection.execute("SELECT 1")
            except (psycopg.Error, PoolTimeout):
                raise Unavailable("the database does not answer") from None
        return Answer(200, b'{"status":"ok"}')

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})


def _calm_the_collector() -> None:
    """What was imported lives as long as the process, and a request leaves no cycles behind.

    Looking through all of it again and again took a tenth of the intake's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)


def _no_such_thing(request: Request) -> Answer:
    if request.path in PATHS:
        return Refused(405, "wrong_method", f"{request.path} takes no {request.method}").answer
    return Refused(404, "not_found", "there is nothing at this address").answer


def _decoded(body: bytes) -> list[Outcome]:
    try:
        return decode_events(body)
    except BadBody as wrong:
        raise _unreadable(wrong) from None


def _unreadable(wrong: BadBody) -> Refused:
    return Refused(413 if wrong.code == "too_many_events" else 400, wrong.code, str(wrong))


def _pool(database_url: str) -> AsyncConnectionPool[Connection]:
    """Connections whose commits are on disk, whose statements end, whose dead peers are noticed."""
    own = conninfo_to_dict(database_url).get("options") or ""
    settings: dict[str, Any] = {
        "autocommit": True,
        "application_name": "ripresa-intake",
        "connect_timeout": int(_RECONNECT_SECONDS),
        "tcp_user_timeout": _SILENCE_MILLISECONDS,
        "options": f"{own} -c timezone=UTC -c synchronous_commit=on"
        f" -c statement_timeout={_STATEMENT_MILLISECONDS}",
    }
    return AsyncConnectionPool(
        database_url,
        kwargs=settings,
        min_size=COMMITTERS,
        max_size=2 * COMMITTERS
        + 3,  # of events and of what is seen; two look-ups of keys and a health check beside
        open=False,
        reconnect_timeout=_RECONNECT_SECONDS,
    )
