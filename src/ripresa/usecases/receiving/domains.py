"""What hand-over knows of the domains of due mails: those that take none, and those that get few."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ripresa.core import query
from ripresa.domain.contacts.models import ReceivingDomain


def domain_of(address: str | None) -> str:
    """The domain of an e-mail address."""
    return (address or "").rpartition("@")[2]


@dataclass(slots=True)
class Receivers:
    """`dead`: domains that take no mail, with what was meant. `room`: mails left until `next_hour`."""

    next_hour: datetime
    dead: dict[str, str] = field(default_factory=dict)
    room: dict[str, int] = field(default_factory=dict)

    def take(self, address: str | None) -> bool:
        """Whether one more may go to an address this hour; if so it is counted."""
        domain = domain_of(address)
        if domain not in self.room:
            return True
        self.room[domain] -= 1
        return self.room[domain] >= 0

    def told(self, address: str | None) -> dict[str, str]:
        """Why nothing goes to an address, if it is for its domain."""
        domain = domain_of(address)
        if domain not in self.dead:
            return {}
        meant = self.dead[domain]
        return {"takes_no_mail": domain, **({"meant": meant} if meant else {})}


def receivers_of(shop_id: int, addresses: Iterable[str], now: datetime) -> Receivers:
    """What is known of the domains of `addresses`."""
    domains = {domain_of(address) for address in addresses}
    rows = ReceivingDomain.objects.filter(shop_id=shop_id, domain__in=domains)
    hour = now.replace(minute=0, second=0, microsecond=0)
    found = Receivers(next_hour=hour + timedelta(hours=1))
    for row in rows:
        if row.takes_mail == "no":
            found.dead[row.domain] = row.meant
        if row.per_hour is not None and row.slowed_until is not None and row.slowed_until > now:
            found.room[row.domain] = row.per_hour
    if found.room:
        sent = query.run(
            "ripresa.usecases.receiving",
            "sent_this_hour",
            shop_id=shop_id,
            domains=sorted(found.room),
            since=hour,
        )
        for domain, count in sent:
            found.room[domain] -= count
    return found
