"""The process that takes mails in: it listens for LMTP, and asks shops' mailboxes for what is new."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

import structlog
from django.db import connection

from ripresa.channels.mailbox.imap import MailboxAway
from ripresa.channels.mailbox.lmtp import LmtpAddress, close, serve
from ripresa.contracts.provider import BadSettings
from ripresa.core.clock import Clock
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.mailroom.operations import Arrived
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.providers.models import ProviderAccount
from ripresa.usecases.mailroom.fetch import fetch, mailboxes
from ripresa.usecases.mailroom.take_in import shop_of, take_in
from ripresa.usecases.providers.provider_accounts import Accounts

# How often a mailbox is asked; one that failed rests, twice as long each time.
FETCH_SECONDS = 60.0
_LONGEST_REST = 1800.0
_LOOK_SECONDS = 0.5

_log = structlog.get_logger("ripresa.mailbox")


class MailboxServer:
    """Takes mails in until `is_asked_to_end` says so. `lmtp` None: nothing is handed to us."""

    def __init__(
        self, accounts: Accounts, letterhead: Letterhead, clock: Clock, lmtp: LmtpAddress | None
    ) -> None:
        self._accounts = accounts
        self._letterhead = letterhead
        self._clock = clock
        self._lmtp = lmtp
        self._due: dict[UUID, float] = {}
        self._failures: dict[UUID, int] = {}

    def run(self, is_asked_to_end: Callable[[], bool]) -> None:
        """Serve. Raises OSError: the place to listen at is taken."""
        with ExitStack() as open_things:
            if self._lmtp is not None:
                open_things.enter_context(self.listening())
            while not is_asked_to_end():
                self.fetch_due()
                time.sleep(_LOOK_SECONDS)

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Listen for LMTP in a thread of its own; gives the port (0: a path). Raises OSError."""
        assert self._lmtp is not None  # noqa: S101  (for the type checker: `run` asks)
        loop = asyncio.new_event_loop()
        try:
            server = loop.run_until_complete(serve(self._lmtp, self._find_shop, self._store))
        except OSError:
            loop.close()
            raise
        thread = threading.Thread(target=loop.run_forever, name="lmtp")
        thread.start()
        try:
            _log.info("listening for mail", at=str(self._lmtp.path or self._lmtp.port))
            yield 0 if self._lmtp.path else server.sockets[0].getsockname()[1]
        finally:
            asyncio.run_coroutine_threadsafe(close(self._lmtp, server), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    def fetch_due(self) -> int:
        """Ask the mailboxes whose turn it is; returns how many mails came."""
        count = 0
        for account in mailboxes():
            if self._due.get(account.id, 0.0) <= time.monotonic():
                count += self._fetch(account)
        return count

    def _fetch(self, account: ProviderAccount) -> int:
        try:
            count = fetch(account, self._accounts, now=self._clock.now())
        except (MailboxAway, BadSettings, CannotOpen, ConfigError) as trouble:
            failures = self._failures.get(account.id, 0) + 1
            self._failures[account.id] = failures
            rest = min(FETCH_SECONDS * 2 ** min(failures, 10), _LONGEST_REST)
            self._due[account.id] = time.monotonic() + rest
            _log.warning(
                "mailbox not read", account=account.name, error=str(trouble), again_in_seconds=rest
            )
            return 0
        self._failures.pop(account.id, None)
        self._due[account.id] = time.monotonic() + FETCH_SECONDS
        return count

    def _find_shop(self, address: str) -> int | None:
        with _own_connection():
            return shop_of(address, self._letterhead)

    def _store(self, shop_id: int, sender: str, address: str, raw: bytes) -> None:
        mail = Arrived("lmtp", sender.strip("<>"), address, raw)
        with _own_connection():
            take_in(shop_id=shop_id, mails=[mail], now=self._clock.now())


@contextmanager
def _own_connection() -> Iterator[None]:
    """A thread of LMTP gives its connection back at once: there are many, and each mail takes a moment."""
    try:
        yield
    finally:
        connection.close()
