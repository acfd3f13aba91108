"""TCP ports to listen on: whether one is free, in plain words, and finding one that is.

Granian shares its port with whoever else asks for sharing (SO_REUSEPORT): a second server would start
without a word and take half of the requests. Looking first is not enough where two start at the same
instant, so each of ours also claims its port by a name that the kernel gives to one process alone.
"""

import errno
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

# A predecessor that was killed a moment ago may still be ending.
_PATIENCE_SECONDS = 2.0
_POLL_SECONDS = 0.1


class PortTaken(Exception):
    """Nobody can listen there; the message says why and what to do."""


@contextmanager
def held(host: str, port: int) -> Iterator[None]:
    """Keep `port` of `host` from every other Ripresa on this machine. Raises PortTaken."""
    with socket.socket(socket.AF_UNIX) as claim:
        _insist(lambda: _take(claim, host, port), host, port)
        require_free(host, port)
        yield


@contextmanager
def held_or_another(host: str, preferred: int) -> Iterator[int]:
    """Keep `preferred` if nobody has it, else any free port; which one is the value."""
    with ExitStack() as kept:
        port = preferred
        while True:
            claim = kept.enter_context(socket.socket(socket.AF_UNIX))
            if _take(claim, host, port) is None and _try_bind(host, port) is None:
                break
            with _socket_for(host) as probe:
                probe.bind((host, 0))
                port = probe.getsockname()[1]
        yield port


def require_free(host: str, port: int) -> None:
    """Raises PortTaken unless we could listen on `port` of `host` now."""
    _insist(lambda: _try_bind(host, port), host, port)


def _insist(attempt: Callable[[], OSError | None], host: str, port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while (trouble := attempt()) is not None:
        if trouble.errno != errno.EADDRINUSE or time.monotonic() > until:
            raise PortTaken(_explain(trouble, host, port))
        time.sleep(_POLL_SECONDS)


def _take(claim: socket.socket, host: str, port: int) -> OSError | None:
    """Give `claim` the port's name: it lies in no folder and ends with its process (unix(7), abstract)."""
    try:
        claim.bind(f"\0ripresa/{host}/{port}")
    except OSError as trouble:
        return trouble
    return None


def _try_bind(host: str, port: int) -> OSError | None:
    try:
        with _socket_for(host) as probe:
            # Connections that have just ended (TIME_WAIT) are no reason to refuse.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as trouble:
        return trouble
    return None


def _socket_for(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)


def _explain(trouble: OSError, host: str, port: int) -> str:
    match trouble.errno:
        case errno.EADDRINUSE:
            return (
                f"port {port} on {host} is in use by another program. Stop that one (`ss -ltnp` "
                f"tells which it is), or set RIPRESA_BIND to another port, like {host}:8123"
            )
        case errno.EACCES:
            return (
                f"this user may not listen on port {port}: ports below 1024 are for root. "
                "Set RIPRESA_BIND to a higher one and let a reverse proxy listen in front"
            )
        case errno.EADDRNOTAVAIL:
            return f"RIPRESA_BIND names {host}, which is no address of this machine"
        case _:
            return f"nothing can listen on {host}:{port}: {trouble.strerror or trouble}"
