"""Granian inside this very process: so there is no worker of its own that could outlive us.

Its usual form starts worker processes; one whose parent was killed lives on and shares the port with
the next start. Embedded, signals, life and death are ours: docs/adr/0004-granian-in-one-process.md.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

# Longest an answer under way may hold up the end: the intake gives up sooner by itself.
STOP_SECONDS = 15
_LOOK_SECONDS = 0.1
_TIDY_SECONDS = 2.0

# Its own handlers would write to standard output; what it says goes where all logs go.
_LOG: dict[str, Any] = {"handlers": {}, "loggers": {"_granian": {}, "granian.access": {}}}


class ServerBroke(Exception):
    """The server ended although nobody asked it to; what went wrong is in the log."""


def serve(
    app: Callable[..., Any],
    host: str,
    port: int,
    *,
    ready: Callable[[], None],
    is_asked_to_end: Callable[[], bool],
) -> None:
    """Serve the ASGI application `app` until it is asked to end; answers under way go out first.

    `ready` is called once connections are taken. Raises ServerBroke.
    """
    asyncio.run(_serve(_server(app, host, port), ready, is_asked_to_end))


def _server(app: Callable[..., Any], host: str, port: int) -> Server:
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
    return server


async def _serve(
    server: Server, ready: Callable[[], None], is_asked_to_end: Callable[[], bool]
) -> None:
    beside = {
        asyncio.create_task(_announce(server, ready)),
        asyncio.create_task(_stop_when_asked(server, is_asked_to_end)),
    }
    try:
        await server.serve()
    finally:
        for task in beside:
            task.cancel()
    # Django tidies up a moment after its answer is out; cut short, that would look like an error.
    if tidying := asyncio.all_tasks() - beside - {asyncio.current_task()}:
        await asyncio.wait(tidying, timeout=_TIDY_SECONDS)
    if not server.interrupt_signal:
        raise ServerBroke("the HTTP server ended by itself: see the log above")


async def _announce(server: Server, ready: Callable[[], None]) -> None:
    """Granian does not say when it takes connections, so one is tried."""
    while True:
        try:
            _, writer = await asyncio.open_connection(server.bind_addr, server.bind_port)
        except OSError:
            await asyncio.sleep(_LOOK_SECONDS)
        else:
            writer.close()
            ready()
            return


async def _stop_when_asked(server: Server, is_asked_to_end: Callable[[], bool]) -> None:
    # Looked at, not awaited: the signals are this process's, from before the loop to after it.
    while not is_asked_to_end():  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_SECONDS)
    server.interrupt_signal = True
    server.main_loop_interrupt.set()
