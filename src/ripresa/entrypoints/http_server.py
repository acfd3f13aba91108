"""Granian inside this very process: so there is no worker of its own that could outlive us.

Its usual form starts worker processes; one whose parent was killed lives on and shares the port with
the next start. Embedded, signals, life and death are ours: docs/adr/0004-granian-in-one-process.md.
"""

import asyncio
import signal
from collections.abc import Callable
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

# Longest an answer under way may hold up the end: the intake gives up sooner by itself.
STOP_SECONDS = 15

# Its own handlers would write to standard output; what it says goes where all logs go.
_LOG: dict[str, Any] = {"handlers": {}, "loggers": {"_granian": {}, "granian.access": {}}}


class ServerBroke(Exception):
    """The server ended although nobody asked it to; what went wrong is in the log."""


def serve(app: Callable[..., Any], host: str, port: int, *, ready: Callable[[], None]) -> None:
    """Serve the ASGI application `app` until SIGTERM or SIGINT; answers under way go out first.

    `ready` is called once connections are taken. Raises ServerBroke.
    """
    asyncio.run(_serve(app, host, port, ready))


async def _serve(app: Callable[..., Any], host: str, port: int, ready: Callable[[], None]) -> None:
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        log_level=LogLevels.error,
        log_dictconfig=_LOG,
    )
    server.workers_kill_timeout = STOP_SECONDS
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.interrupt_signal = True
        server.main_loop_interrupt.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    server.on_startup(lambda: loop.call_later(0, ready))
    await server.serve()
    if not server.interrupt_signal:
        raise ServerBroke("the HTTP server ended by itself: see the log above")
