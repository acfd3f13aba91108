"""Where a call may lead, and until when: the network under the client.

A provider's address is typed in by a merchant, so a name that leads into the machine's own network is
refused after it was resolved, and the address that was looked at is the one connected to: a second
look-up may give another (DNS rebinding).
"""

import socket
import time
from collections.abc import Iterable
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore

from ripresa.core.words.patterned import Patterned

# The instant of `time.monotonic` at which the call of this thread ends.
DEADLINE: ContextVar[float] = ContextVar("DEADLINE")

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


class ForbiddenPlace(Patterned):
    """The address belongs to this machine's own network; the message says what allows it."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether `address` belongs to the internet at large, whatever it is wrapped in.

    By IANA's special-purpose registries; an IPv6 address that holds an IPv4 one is as public as that.
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to public addresses, and to `internal_hosts` wherever they are."""

    def __init__(self, internal_hosts: frozenset[str]) -> None:
        self._internal_hosts = internal_hosts
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers. Raises ForbiddenPlace, ConnectError."""
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            try:
                stream = self._plain.connect_tcp(
                    address, port, _left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _Stream(stream)
        raise problem

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} can't be found: {error}") from error
        addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
        if host.lower() in self._internal_hosts:
            return addresses
        allowed = [each for each in addresses if is_public(ip_address(each.partition("%")[0]))]
        if addresses and not allowed:
            raise ForbiddenPlace(
                "{host} leads to {address}, which is no public address; "
                "if it is meant, name {host} in RIPRESA_INTERNAL_HOSTS",
                host=host,
                address=addresses[0],
            )
        return allowed


class _Stream(httpcore.NetworkStream):
    """A connection on which no single wait outlasts the call: a server may drip byte after byte."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if (left := _left(timeout)) <= 0:
            raise httpcore.ReadTimeout("the time for this call is over")
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if (left := _left(timeout)) <= 0:
            raise httpcore.WriteTimeout("the time for this call is over")
        self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float:
    left = DEADLINE.get() - time.monotonic()
    # Zero would mean "do not wait at all" to a socket, which fails in another way than a time-out.
    return max(0.001, min(left, left if timeout is None else timeout))
