"""Reconciliation: shops that can be asked are asked for what their calls missed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from ripresa.contracts.calling.sayings import said_by
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.clocks import watching_clock
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import gaps, operations
from ripresa.domain.connections.models import Connection
from ripresa.usecases.calls.hear_shops import store_outcomes
from ripresa.usecases.connected.opening import Opened, Opener, remedy_of

ASK_EVERY = timedelta(minutes=10)
# Clocks differ, and a shop may write an order down a little after it was placed.
OVERLAP = timedelta(minutes=15)
_CLOCKS_DIFFER = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(hours=2)

_log = structlog.get_logger("ripresa.connections")


def never() -> bool:
    """Nobody asks us to end."""
    return False


@dataclass(frozen=True, slots=True)
class ShopAsker:
    """Asks shops a page at a time, until `is_asked_to_end` says so between two of them."""

    opener: Opener
    is_asked_to_end: Callable[[], bool] = never

    def ask_due(self, *, shop_id: int, now: datetime) -> int:
        """Ask the shops that are to be asked; returns how many were."""
        due = operations.take_to_ask(shop_id=shop_id, now=now)
        for connection in due:
            self._ask(connection, now)
        return len(due)

    def _ask(self, connection: Connection, now: datetime) -> None:
        try:
            opened = self.opener.open(connection, now)
            with watching_clock() as clock:
                if not self._hear_pages(opened, now):
                    return
        except (ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError) as trouble:
            pause = min(ASK_EVERY * 2 ** min(connection.failures, 5), _LONGEST_PAUSE)
            _log.warning("can't be asked", connection=connection.name, reason=str(trouble))
            operations.ask_later(
                connection,
                ask_at=now + pause,
                trouble=said_by(trouble),
                remedy=remedy_of(trouble),
                now=now,
            )
        else:
            if clock.behind > connection.behind + _CLOCKS_DIFFER:
                # What it wrote down meanwhile lies before what it was asked for: asked anew by its own clock.
                _log.warning("its clock is behind", connection=connection.name, by=clock.behind)
                operations.ask_again(connection, ask_at=now, behind=clock.behind)
                return
            at = now + ASK_EVERY
            operations.was_asked(connection, until=now, ask_at=at, behind=clock.behind)

    def _hear_pages(self, opened: Opened, now: datetime) -> bool:
        """Store what a shop tells of its changes; False: not all of it was heard."""
        connection, ask = opened.connection, opened.connector.ask
        if ask is None:
            return False
        since = asked_from(connection)
        begun = time.monotonic()
        is_called = opened.connector.hear is not None
        asking = gaps.Asking(now, gaps.ASKED, since, is_called)
        for page in ask(opened.settings, since):
            with transaction.atomic():
                store_outcomes(connection, page, now, asking=asking)
            if self.is_asked_to_end():
                # The rest is for whoever comes next; he begins where this one did.
                operations.ask_again(connection, ask_at=now)
                return False
            operations.go_on_asking(connection, now=now + passed_since(begun))
        return True


def asked_from(connection: Connection) -> datetime:
    """Since when a shop has to be asked for its changes, by its own clock."""
    return max(connection.asked_until - OVERLAP, connection.created_at) - connection.behind


def passed_since(begun: float) -> timedelta:
    """The time since `begun`, an instant of `time.monotonic`."""
    return timedelta(seconds=time.monotonic() - begun)
