"""Reconciliation: shops that can be asked are asked for what their calls missed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import gaps, operations
from ripresa.domain.connections.models import Connection
from ripresa.usecases.connected.opening import Opener, remedy_of
from ripresa.usecases.hear_shops import store_outcomes

ASK_EVERY = timedelta(minutes=10)
# Clocks differ, and a shop may write an order down a little after it was placed.
OVERLAP = timedelta(minutes=15)
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
        since = max(connection.asked_until - OVERLAP, connection.created_at)
        begun = time.monotonic()
        try:
            opened = self.opener.open(connection, now)
            if opened.connector.ask is None:
                return
            is_called = opened.connector.hear is not None
            asking = gaps.Asking(now, gaps.ASKED, since, is_called)
            for page in opened.connector.ask(opened.settings, since):
                with transaction.atomic():
                    store_outcomes(connection, page, now, asking=asking)
                if self.is_asked_to_end():
                    # The rest is for whoever comes next; he begins where this one did.
                    operations.ask_again(connection, ask_at=now)
                    return
                operations.go_on_asking(connection, now=now + passed_since(begun))
        except (ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError) as trouble:
            pause = min(ASK_EVERY * 2 ** min(connection.failures, 5), _LONGEST_PAUSE)
            _log.warning("can't be asked", connection=connection.name, reason=str(trouble))
            operations.ask_later(
                connection,
                ask_at=now + pause,
                trouble=str(trouble),
                remedy=remedy_of(trouble),
                now=now,
            )
        else:
            operations.was_asked(connection, until=now, ask_at=now + ASK_EVERY)


def passed_since(begun: float) -> timedelta:
    """The time since `begun`, an instant of `time.monotonic`."""
    return timedelta(seconds=time.monotonic() - begun)
