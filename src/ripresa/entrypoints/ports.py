"""TCP ports to listen on: whether one is free, in plain words, and finding one that is."""

import errno
import socket
import time

# A predecessor that was killed a moment ago may still be ending.
_PATIENCE_SECONDS = 2.0
_POLL_SECONDS = 0.1


class PortTaken(Exception):
    """Nobody can listen there; the message says why and what to do."""


def require_free(host: str, port: int) -> None:
    """Raises PortTaken unless we could listen on `port` of `host` now.

    Granian shares its port with whoever else asks for sharing (SO_REUSEPORT), so a second server
    would start without a word and take half of the requests.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while (trouble := _try_bind(host, port)) is not None:
        if trouble.errno != errno.EADDRINUSE or time.monotonic() > until:
            raise PortTaken(_explain(trouble, host, port))
        time.sleep(_POLL_SECONDS)


def pick(host: str, preferred: int) -> int:
    """`preferred` if it is free, else any free port."""
    if _try_bind(host, preferred) is None:
        return preferred
    with _socket_for(host) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


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
