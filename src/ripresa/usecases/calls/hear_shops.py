"""Hear shops: what they called us about becomes events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.events import StoreEvent
from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.contracts.rejections import Rejection
from ripresa.contracts.shops.connector import Heard
from ripresa.domain.connections import gaps, operations
from ripresa.domain.connections.models import Connection
from ripresa.domain.connections.operations import Tally
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import SOURCE, Delivery
from ripresa.domain.providers.models import ProviderCall
from ripresa.usecases.calls.same_checkout import under_known_tokens
from ripresa.usecases.connections import Connections
from ripresa.usecases.contacts.grant_wishes import grant_wish

# The intake goes by these words: see find_connection.sql.
REMOVED = "the shop has removed the app"


@dataclass(frozen=True, slots=True)
class CallsOfShop:
    """Reads the calls for `connection`."""

    connections: Connections
    connection: Connection

    @property
    def name(self) -> str:
        """What the shop calls it."""
        return self.connection.name

    def open(self) -> Callable[[HookRequest], Heard] | None:
        """The connector, with what this connection knows; None: nobody listens."""
        hear = self.connections.connector(self.connection.platform).hear
        if hear is None or (self.connection.closed_at is not None and not self._was_removed):
            return None
        settings = self.connections.settings_of(self.connection)
        if self._was_removed:
            return lambda call: _wish_only(hear(call, settings))
        return lambda call: hear(call, settings)

    @property
    def _was_removed(self) -> bool:
        """Whether the shop let go of us: what it asks by law afterwards is still heard."""
        return self.connection.closed_reason == REMOVED

    def take(self, _call: ProviderCall, heard: Heard, now: datetime) -> datetime | None:
        """Store events; a shop that has let go of us is heard no more, but for what it asks by law."""
        if heard.request is not None:
            return grant_wish(self.connection, heard.request, now)
        store_outcomes(self.connection, heard.outcomes, now)
        if heard.has_ended:
            operations.close(
                shop_id=self.connection.shop_id,
                connection_id=self.connection.id,
                reason=REMOVED,
                now=now,
            )
        return None


def _wish_only(heard: Heard) -> Heard:
    """What is asked by law. Raises HookRefused for all else."""
    if heard.request is None:
        raise HookRefused(say("nobody listens here any more"))
    return Heard(request=heard.request)


def store_outcomes(
    connection: Connection,
    outcomes: Sequence[Outcome],
    now: datetime,
    *,
    asking: gaps.Asking | None = None,
) -> None:
    """Store what a shop told, by calling or as it was asked, and count it; in the caller's transaction."""
    told = [one for one in outcomes if isinstance(one, StoreEvent)]
    events = under_known_tokens(connection.shop_id, SOURCE, told)
    refused = [one for one in outcomes if isinstance(one, Rejection)]
    new = inbox.store_new(
        shop_id=connection.shop_id,
        deliveries=[Delivery(event, max(now, event.occurred_at)) for event in events],
    )
    tally = Tally(
        heard=len(new),
        refused=len(refused),
        problems=[
            {"at": now.isoformat(), "field": one.field, "code": one.code, "message": one.message}
            for one in refused
        ],
        was_asked=asking is not None,
    )
    if asking is not None:
        gaps.note_gap(connection, asking, new)
    if events or refused:
        operations.note(
            shop_id=connection.shop_id, connection_id=connection.id, tally=tally, now=now
        )
