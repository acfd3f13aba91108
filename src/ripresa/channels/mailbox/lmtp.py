"""Mail handed to us by a mail server on this machine: LMTP (RFC 2033).

An address that is nobody's is refused when it is named, so that its sender hears of it; a mail is
accepted for an address once it is on disk, each address with an answer of its own.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from aiosmtpd.lmtp import LMTP

MOST_BYTES = 25 << 20  # of one mail: more than mail systems take as a rule
MOST_RECIPIENTS = 100
_SILENCE_SECONDS = 120.0
_UNKNOWN = "550 5.1.1 no such address here"
_LATER = "451 4.3.0 not stored, try again"
_STORED = "250 2.1.5 stored"

_log = structlog.get_logger("ripresa.lmtp")

# Whose mail it is, by the address; and storing it: once that returns, it is on disk.
FindShop = Callable[[str], int | None]
Store = Callable[[int, str, str, bytes], None]


class BadLmtpAddress(ValueError):
    """Not an address to listen at; the message says what one looks like."""


@dataclass(frozen=True, slots=True)
class LmtpAddress:
    """Where to listen: a socket of this machine, as a path or as a port of the loopback."""

    path: Path | None = None
    host: str = ""
    port: int = 0

    @classmethod
    def from_text(cls, text: str) -> "LmtpAddress":
        """Read `/run/ripresa/lmtp` or `127.0.0.1:2424`. Raises BadLmtpAddress."""
        if text.startswith("/"):
            return cls(path=Path(text))
        host, _, port = text.rpartition(":")
        if host in {"127.0.0.1", "localhost", "[::1]"} and port.isdigit() and int(port) < 1 << 16:
            return cls(host=host.strip("[]"), port=int(port))
        raise BadLmtpAddress(
            f"it must be a path or a port of this machine, as 127.0.0.1:2424, not {text!r}: "
            "whoever speaks LMTP to us is believed"
        )


@dataclass
class _Handler:
    find_shop: FindShop
    store: Store

    async def handle_RCPT(  # noqa: N802  (the name is aiosmtpd's)
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 too many addresses for one mail"
        try:
            shop_id = await asyncio.to_thread(self.find_shop, address)
        except Exception:  # noqa: BLE001  (whatever it was: the sender tries again)
            _log.exception("an address could not be looked up")
            return "451 4.3.0 not known just now, try again"
        if shop_id is None:
            return _UNKNOWN
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        # RFC 2033, 4.2: after the content an answer for each address, in their order.
        answers = [await self._stored(envelope, address) for address in envelope.rcpt_tos]
        return "\r\n".join(answers)

    async def _stored(self, envelope: Any, address: str) -> str:
        try:
            shop_id = await asyncio.to_thread(self.find_shop, address)
            if shop_id is None:
                return _UNKNOWN
            sender = envelope.mail_from or ""
            await asyncio.to_thread(self.store, shop_id, sender, address, envelope.content)
        except Exception:  # noqa: BLE001  (not on disk: the sender keeps it)
            _log.exception("a mail could not be stored")
            return _LATER
        return _STORED


class _Conversation(LMTP):
    # Longer than RFC 5321 allows: what a relay has let through is not lost here.
    line_length_limit = 1 << 20


async def serve(address: LmtpAddress, find_shop: FindShop, store: Store) -> asyncio.Server:
    """Listen; the caller closes the server. Raises OSError: the port is taken, the path can't be used."""
    loop = asyncio.get_running_loop()
    handler = _Handler(find_shop, store)

    def conversation() -> _Conversation:
        return _Conversation(
            handler,
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            ident="Ripresa",
            hostname="localhost",
            timeout=_SILENCE_SECONDS,
            loop=loop,
        )

    if address.path is None:
        return await loop.create_server(conversation, address.host, address.port)
    address.path.unlink(missing_ok=True)  # of one of us that was killed
    server = await loop.create_unix_server(conversation, str(address.path))
    # Mail servers run under users of their own; who may reach the socket is its folder's to say.
    address.path.chmod(0o666)
    return server


async def close(address: LmtpAddress, server: asyncio.Server) -> None:
    """Listen no longer; conversations under way are ended."""
    server.close()
    await server.wait_closed()
    if address.path is not None:
        address.path.unlink(missing_ok=True)
