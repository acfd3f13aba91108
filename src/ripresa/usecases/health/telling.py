"""How a shop's capture and sending stand, in one value: for the command line and for programs."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ripresa.contracts.calling.sayings import remade
from ripresa.core import query
from ripresa.domain.carts.models import CaptureAlarm
from ripresa.domain.connections.queries import list_connections
from ripresa.domain.messages.queries import due_figures
from ripresa.domain.providers.models import ProviderAccount
from ripresa.usecases.health.baseline import judge
from ripresa.usecases.health.hours import HourOfCarts, latest_hours
from ripresa.usecases.health.watching import what_was_heard

DAYS = 7
_ERRORS_OF = timedelta(days=1)

_run = partial(query.run, "ripresa.usecases.health")


@dataclass(frozen=True, slots=True)
class KnownOrders:
    """Orders of one source and device, and how many of them had a cart that was known before payment."""

    source: str
    device: str
    orders: int
    known: int


@dataclass(frozen=True, slots=True)
class ProviderErrors:
    """Messages of the last day that a provider refused (failed), or may have lost (unknown)."""

    channel: str
    state: str
    reason: str | None
    count: int
    latest_at: datetime


@dataclass(frozen=True, slots=True)
class ConnectionHealth:
    """When a connection last heard of its shop; `trouble`: why it can't be asked."""

    name: str
    platform: str
    last_heard_at: datetime | None
    asked_until: datetime | None
    trouble: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Health:
    """`is_quiet` None: it can't be told. `seen` and `usual` carts in the latest whole `hours`.

    `by_hour`: the latest two days. `due_late`: messages that are 15 minutes overdue or more.
    """

    is_quiet: bool | None
    quiet_since: datetime | None
    hours: int
    seen: int
    usual: float
    by_hour: list[HourOfCarts]
    orders: int
    orders_known: int
    known_orders: list[KnownOrders]
    due_soon: int
    due_late: int
    provider_errors: list[ProviderErrors]
    accounts_held: list[str]
    connections: list[ConnectionHealth]

    @property
    def known_share(self) -> float | None:
        """Share of orders whose cart was known before payment; None: there were no orders."""
        return self.orders_known / self.orders if self.orders else None

    def plain(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self) | {"known_share": self.known_share}


def known_orders(*, shop_id: int, since: datetime, until: datetime) -> list[KnownOrders]:
    """The orders of a time by source and device, and how many of them had a cart that was known."""
    rows = _run("known_orders", shop_id=shop_id, since=since, until=until)
    return [KnownOrders(*row) for row in rows]


def tell_health(*, shop_id: int, now: datetime, days: int = DAYS) -> Health:
    """How a shop stands now; the share of orders over the last `days`."""
    heard = what_was_heard(shop_id=shop_id, now=now)
    verdict = judge(heard.begun, since=heard.since, now=now)
    since = now - timedelta(days=days)
    known = known_orders(shop_id=shop_id, since=since, until=now)
    due = due_figures(shop_id, now)
    errors = _run("provider_errors", shop_id=shop_id, since=now - _ERRORS_OF)
    alarm = CaptureAlarm.objects.filter(shop_id=shop_id, ended_at__isnull=True).first()
    held = ProviderAccount.objects.filter(shop_id=shop_id, is_active=True, paused_at__isnull=False)
    return Health(
        is_quiet=verdict.is_quiet if alarm is None else True,
        quiet_since=alarm.began_at if alarm else None,
        hours=verdict.hours,
        seen=verdict.seen,
        usual=round(verdict.usual, 1),
        by_hour=latest_hours(heard, now=now),
        orders=sum(one.orders for one in known),
        orders_known=sum(one.known for one in known),
        known_orders=known,
        due_soon=due.soon,
        due_late=due.late,
        provider_errors=[ProviderErrors(*row) for row in errors],
        accounts_held=list(held.order_by("name").values_list("name", flat=True)),
        connections=[
            ConnectionHealth(
                one.name,
                one.platform,
                one.last_heard_at,
                one.asked_until if one.ask_at else None,
                remade(one.trouble, one.said),
                one.closed_at is not None,
            )
            for one in list_connections(shop_id)
        ],
    )
