"""Questions to the DNS, none of which takes long: where nobody answers, the rest is not asked any more."""

import time
from collections.abc import Callable
from typing import Any

import dns.exception
import dns.name
import dns.resolver
import dns.reversename

ONE_QUESTION_SECONDS = 2.0
ALL_QUESTIONS_SECONDS = 15.0


class CouldNotAsk(Exception):
    """The DNS gave no answer, neither yes nor no; the message says why."""


class Asker:
    """Asks one resolver. `server` is HOST or HOST:PORT; None: what the machine uses."""

    def __init__(self, server: str | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + ALL_QUESTIONS_SECONDS
        self._trouble = ""
        try:
            self._resolver = _resolver(server)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            self._trouble = f"there is no resolver to ask: {error}"

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each whole; none where there are none. Raises CouldNotAsk."""
        found = self._ask(name, "TXT")
        return [b"".join(one.strings).decode("utf-8", "replace") for one in found]

    def addresses(self, name: str) -> list[str]:
        """The IPv4 and IPv6 addresses of a name. Raises CouldNotAsk."""
        return [str(one.address) for kind in ("A", "AAAA") for one in self._ask(name, kind)]

    def mail_hosts(self, name: str) -> list[str]:
        """The hosts that take mail for a domain. Raises CouldNotAsk."""
        return [one.exchange.to_text(omit_final_dot=True) for one in self._ask(name, "MX")]

    def names_of(self, address: str) -> list[str]:
        """The names that an address has by PTR. Raises CouldNotAsk."""
        reverse = dns.reversename.from_address(address)
        return [one.target.to_text(omit_final_dot=True) for one in self._ask(reverse, "PTR")]

    def _ask(self, name: str | dns.name.Name, kind: str) -> list[Any]:
        left = self._end - self._clock()
        if left <= 0:
            self._trouble = self._trouble or "it answers too slowly"
        if self._trouble:
            raise CouldNotAsk(self._trouble)
        try:
            lifetime = min(left, ONE_QUESTION_SECONDS)
            return list(self._resolver.resolve(name, kind, lifetime=lifetime, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as error:
            self._trouble = f"the DNS gives no answer ({type(error).__name__})"
            raise CouldNotAsk(self._trouble) from error


def _resolver(server: str | None) -> dns.resolver.Resolver:
    if server is None:
        return dns.resolver.Resolver()
    resolver = dns.resolver.Resolver(configure=False)
    host, colon, port = server.rpartition(":")
    if colon and port.isdigit() and "]" not in port and host.count(":") == 0:
        resolver.nameservers, resolver.port = [host], int(port)
    else:
        resolver.nameservers = [server]
    return resolver
