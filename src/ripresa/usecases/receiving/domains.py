"""What hand-over knows of the domains of due mails: those that take none, and those that get few."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ripresa.core import query
from ripresa.domain.contacts.models import ReceivingDomain
from ripresa.usecases.receiving.disposable import is_disposable


def domain_of(address: str | None) -> str:
    """The domain of an e-mail address."""
    return (address or "").rpartition("@")[2]


@dataclass(slots=True)
class Receivers:
    """`dead`: domains that get no mail, with what is told of each. `room`: mails left until `next_hour`."""

    next_hour: datetime
    dead: dict[str, dict[str, str]] = field(default_factory=dict)
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
        return self.dead.get(domain_of(address), {})


def receivers_of(shop_id: int, addresses: Iterable[str], now: datetime) -> Receivers:
    """What is known of the domains of `addresses`."""
    domains = {domain_of(address) for address in addresses}
    rows = ReceivingDomain.objects.filter(shop_id=shop_id, domain__in=domains)
    hour = now.replace(minute=0, second=0, microsecond=0)
    throw_away = {one: {"disposable": one} for one in domains if is_disposable(one)}
    found = Receivers(next_hour=hour + timedelta(hours=1), dead=throw_away)
    for row in rows:
        if row.takes_mail == "no":
            meant = {"meant": row.meant} if row.meant else {}
            found.dead[row.domain] = {"takes_no_mail": row.domain, **meant}
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
