"""Hear shops: read what they called us about, and ask those that can be asked what we missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from ripresa.contracts.decoding import Outcome
from ripresa.contracts.events import StoreEvent
from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.rejections import Rejection
from ripresa.contracts.shops.connector import Heard, NotLetIn, ShopAway
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import calls, operations, queries
from ripresa.domain.connections.models import Connection, ConnectionCall
from ripresa.domain.connections.operations import Tally
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import Delivery
from ripresa.usecases.connections import Connections

BATCH = 100
ASK_EVERY = timedelta(minutes=10)
# Clocks differ, and a shop may write an order down a little after it was placed.
OVERLAP = timedelta(minutes=15)
_LONGEST_PAUSE = timedelta(hours=2)
# A connection whose secrets can't be opened just now: its calls wait.
_WAIT_FOR_SECRETS = timedelta(minutes=10)

_log = structlog.get_logger("ripresa.connections")


@dataclass(frozen=True, slots=True)
class ShopListener:
    """Hears the shops behind `connections`. `public_url` is the address we are called at."""

    connections: Connections
    public_url: str

    def read_due(self, *, shop_id: int, now: datetime) -> int:
        """Read up to BATCH calls for a shop; returns how many there were."""
        with transaction.atomic():
            taken = calls.take_due(shop_id=shop_id, now=now, limit=BATCH)
        known: dict[UUID, Connection | None] = {}
        for call in taken:
            if call.connection_id not in known:
                known[call.connection_id] = queries.find(shop_id, call.connection_id)
            self._read(call, known[call.connection_id], now)
        if taken:
            calls.forget_old(shop_id=shop_id, now=now)
        return len(taken)

    def ask_due(self, *, shop_id: int, now: datetime) -> int:
        """Ask the shops that are to be asked; returns how many were."""
        due = operations.take_to_ask(shop_id=shop_id, now=now)
        for connection in due:
            self._ask(connection, now)
        return len(due)

    def _read(self, call: ConnectionCall, connection: Connection | None, now: datetime) -> None:
        if connection is None or connection.closed_at is not None:
            calls.refuse(call, "the connection is closed", now)
            return
        try:
            settings = self.connections.settings_of(connection)
        except (BadSettings, CannotOpen, ConfigError) as wrong:
            _log.warning("calls wait", connection=connection.name, reason=str(wrong))
            calls.postpone(call, now + _WAIT_FOR_SECRETS)
            return
        hear = self.connections.connector(connection.platform).hear
        if hear is None:
            calls.refuse(call, "this platform makes no calls", now)
            return
        try:
            heard = hear(_request(call, self.public_url), settings)
        except HookRefused as refusal:
            _log.warning("call refused", connection=connection.name, reason=str(refusal))
            calls.refuse(call, str(refusal), now)
        except Exception as trouble:  # noqa: BLE001  (see below)
            # Unforeseen, so a developer must look. One bad call must not stop the others.
            _log.exception("call can't be read", connection=connection.name, call=str(call.id))
            calls.refuse(call, f"can't be read: {trouble}", now)
        else:
            self._take(call, connection, heard, now)

    @transaction.atomic
    def _take(
        self, call: ConnectionCall, connection: Connection, heard: Heard, now: datetime
    ) -> None:
        """Store what a call told and forget the call, at once: neither is lost without the other."""
        _store(connection, heard.outcomes, now, was_asked=False)
        if heard.has_ended:
            operations.close(
                shop_id=connection.shop_id,
                connection_id=connection.id,
                reason="the shop has removed the app",
                now=now,
            )
        calls.forget(call)

    def _ask(self, connection: Connection, now: datetime) -> None:
        ask = self.connections.connector(connection.platform).ask
        if ask is None:
            return
        since = max(connection.asked_until - OVERLAP, connection.created_at)
        try:
            for page in ask(self.connections.settings_of(connection), since):
                with transaction.atomic():
                    _store(connection, page, now, was_asked=True)
        except (ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError) as trouble:
            pause = min(ASK_EVERY * 2 ** min(connection.failures, 5), _LONGEST_PAUSE)
            _log.warning("can't be asked", connection=connection.name, reason=str(trouble))
            operations.ask_later(connection, ask_at=now + pause, trouble=str(trouble))
        else:
            operations.was_asked(connection, until=now, ask_at=now + ASK_EVERY)


def _store(
    connection: Connection, outcomes: Sequence[Outcome], now: datetime, *, was_asked: bool
) -> None:
    events = [one for one in outcomes if isinstance(one, StoreEvent)]
    refused = [one for one in outcomes if isinstance(one, Rejection)]
    new = inbox.store(
        shop_id=connection.shop_id,
        deliveries=[Delivery(event, max(now, event.occurred_at)) for event in events],
    )
    tally = Tally(
        heard=new,
        refused=len(refused),
        problems=[
            {"at": now.isoformat(), "field": one.field, "message": one.message} for one in refused
        ],
        was_asked=was_asked,
    )
    if events or refused:
        operations.note(
            shop_id=connection.shop_id, connection_id=connection.id, tally=tally, now=now
        )


def _request(call: ConnectionCall, public_url: str) -> HookRequest:
    return HookRequest(
        method=call.method,
        url=f"{public_url}{call.target}",
        headers=call.headers,
        body=bytes(call.body),
        received_at=call.received_at,
    )
