"""Look up, before a first mail, whether a domain takes mail at all. Nothing ever waits for it."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from ripresa.core import query
from ripresa.core.config import dns_server
from ripresa.usecases.receiving.asking import Asker, CouldNotAsk
from ripresa.usecases.receiving.typos import meant_by

# What is due so soon is looked at now; what is known stays known for so long.
AHEAD = timedelta(hours=1)
KNOWN_FOR = timedelta(days=7)
ASK_AGAIN_AFTER = timedelta(hours=1)
EVERY = timedelta(minutes=1)
# The worker has other things to do: no round of questions takes longer.
BUDGET_SECONDS = 5.0
BATCH = 50
_RESERVED = frozenset({"test", "example", "invalid", "localhost"})

_run = partial(query.run, "ripresa.usecases.receiving")


class AsksDns(Protocol):
    """What of the DNS is asked. Both raise CouldNotAsk."""

    def mail_hosts(self, name: str) -> list[str]:
        """MX records of a name."""
        ...

    def addresses(self, name: str) -> list[str]:
        """Its IPv4 and IPv6 addresses."""
        ...


class DnsOfMachine(Asker):
    """The machine's resolver, or RIPRESA_DNS; not asked for names that are kept for tests and examples.

    No DNS has them (RFC 2606, 6761), and whoever writes to them, as a trial or our demo does, has a mail
    server that knows them.
    """

    def __init__(self) -> None:
        super().__init__(dns_server())

    def mail_hosts(self, name: str) -> list[str]:
        """As Asker. Raises CouldNotAsk for a reserved name."""
        if name.rpartition(".")[2] in _RESERVED:
            raise CouldNotAsk(f"{name} is kept for tests and examples")
        return super().mail_hosts(name)


class DomainChecker:
    """Keeps what is known of receiving domains fresh. One for each worker."""

    def __init__(self, make_asker: Callable[[], AsksDns] = DnsOfMachine) -> None:
        self._make_asker = make_asker
        self._next_at: datetime | None = None

    def shops_to_check(self, now: datetime) -> list[int]:
        """The shops with mails ahead to domains of which nothing fresh is known; not at every look."""
        if self._next_at is not None and now < self._next_at:
            return []
        self._next_at = now + EVERY
        return [shop_id for (shop_id,) in _run("shops_with_unknown_domains", **_times(now))]

    def check(self, *, shop_id: int, now: datetime) -> int:
        """Look some domains up; returns how many. Where nobody answers they stay unknown."""
        rows = _run("unknown_domains", shop_id=shop_id, limit=BATCH, **_times(now))
        domains = [domain for (domain,) in rows]
        asker, end = self._make_asker(), time.monotonic() + BUDGET_SECONDS
        found: list[tuple[str, str, str]] = []
        for domain in domains:
            if time.monotonic() > end:
                break
            meant = meant_by(domain)
            if meant is not None:
                found.append((domain, "no", meant))
            else:
                found.append((domain, takes_mail(asker, domain), ""))
        _keep(shop_id, found, now)
        return len(found)


def takes_mail(asker: AsksDns, domain: str) -> str:
    """yes, no, or unknown where the DNS gives no answer (RFC 5321, section 5.1; null MX: RFC 7505)."""
    try:
        hosts = asker.mail_hosts(domain)
        if hosts:
            return "yes" if any(host.strip(".") for host in hosts) else "no"
        return "yes" if asker.addresses(domain) else "no"
    except (CouldNotAsk, ValueError):
        return "unknown"


def _keep(shop_id: int, found: Sequence[tuple[str, str, str]], now: datetime) -> None:
    if found:
        domains, verdicts, meant = zip(*found, strict=True)
        _run(
            "put_domains",
            shop_id=shop_id,
            domains=list(domains),
            verdicts=list(verdicts),
            meant=list(meant),
            now=now,
        )


def _times(now: datetime) -> dict[str, datetime]:
    return {
        "until": now + AHEAD,
        "known_since": now - KNOWN_FOR,
        "unknown_since": now - ASK_AGAIN_AFTER,
    }
