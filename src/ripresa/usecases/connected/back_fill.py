"""History: what a shop knows from before it was connected, told a page at a time, by whoever has time.

Each page is stored with what was counted, in one transaction: a job that was cut off goes on, and a page
that is told twice changes nothing. Nobody is written to about a cart left before the connection (CAP-8).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.events import StoreEvent
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import Connector, NotLetIn, ShopAway
from ripresa.contracts.shops.errands import HistoryPage
from ripresa.core import query
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import history, queries
from ripresa.domain.connections.history import Page
from ripresa.domain.connections.models import BackFill, Connection
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import Delivery
from ripresa.usecases.connected.asking import never, passed_since
from ripresa.usecases.connected.opening import Opened, Opener

_PAUSE = timedelta(minutes=2)
_LONGEST_PAUSE = timedelta(hours=2)

_log = structlog.get_logger("ripresa.connections")


class NoHistory(Exception):
    """The platform can't be asked for what was; the message says so."""


def begin_back_fill(
    connection: Connection, connector: Connector, *, since: datetime, now: datetime
) -> BackFill:
    """Have a connection's history told from `since` on. Raises NoHistory, AlreadyTelling."""
    if connector.back_fill is None and connector.ask is None:
        raise NoHistory(f"{connector.label} can't be asked for its history")
    if connection.closed_at is not None:
        raise NoHistory(f"{connection.name} is closed")
    return history.begin(connection, since=since, now=now)


@dataclass(frozen=True, slots=True)
class BackFiller:
    """Tells histories, until `is_asked_to_end` says so between two pages. `told` hears of each page."""

    opener: Opener
    is_asked_to_end: Callable[[], bool] = never
    told: Callable[[Page], None] = lambda _: None

    def fill_due(self, *, shop_id: int, now: datetime) -> int:
        """Go on with a history of a shop; returns 1 if there was one."""
        filling = history.take(shop_id=shop_id, now=now)
        if filling is None:
            return 0
        connection = queries.get(shop_id, filling.connection_id)
        if connection.closed_at is not None:
            history.finish(filling, now=now, trouble=say("the connection was closed"))
            return 1
        begun = time.monotonic()
        try:
            is_over = self._fill(filling, self.opener.open(connection, now), now, begun)
        except (ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError) as trouble:
            _log.warning("history waits", connection=connection.name, reason=str(trouble))
            pause = min(_PAUSE * 2 ** min(filling.failures, 6), _LONGEST_PAUSE)
            at = now + passed_since(begun)
            history.wait(filling, due_at=at + pause, trouble=said_by(trouble))
        else:
            at = now + passed_since(begun)
            if is_over:
                history.finish(filling, now=at)
            else:
                history.wait(filling, due_at=at)
        return 1

    def _fill(self, filling: BackFill, opened: Opened, now: datetime, begun: float) -> bool:
        for page in _pages(opened, filling.until or filling.since):
            at = now + passed_since(begun)
            with transaction.atomic():
                counted = _store(opened.connection, page, at)
                history.note(filling, counted, now=at)
            self.told(counted)
            if self.is_asked_to_end():
                return False
        return True


def _pages(opened: Opened, since: datetime) -> Iterator[HistoryPage]:
    connector = opened.connector
    if connector.back_fill is not None:
        yield from connector.back_fill(opened.settings, since)
    elif connector.ask is not None:
        # It says nothing of how far it is: who begins again begins at the beginning.
        for outcomes in connector.ask(opened.settings, since):
            yield HistoryPage(outcomes)


def _store(connection: Connection, page: HistoryPage, now: datetime) -> Page:
    events = [one for one in page.outcomes if isinstance(one, StoreEvent)]
    new = inbox.store(
        shop_id=connection.shop_id,
        deliveries=[Delivery(event, max(now, event.occurred_at)) for event in events],
    )
    tokens = _tokens_before(events, connection.created_at)
    if tokens:
        query.run(
            "ripresa.domain.carts",
            "add_watermarks",
            shop_id=connection.shop_id,
            source=SOURCE,
            tokens=tokens,
            until=connection.created_at,
        )
    return Page(new, len(events) - new, _refused(page.outcomes), page.until)


# Whatever a connection tells goes to the carts of the shop, whichever way it came (see inbox.Delivery).
SOURCE = "shop"


def _tokens_before(events: Sequence[StoreEvent], instant: datetime) -> list[str]:
    return sorted(
        {
            event.cart.token
            for event in events
            if event.cart is not None and event.cart.token and event.occurred_at < instant
        }
    )


def _refused(outcomes: Sequence[Outcome]) -> int:
    return sum(not isinstance(one, StoreEvent) for one in outcomes)
