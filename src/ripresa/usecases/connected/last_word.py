"""Hear a shop a last time before messages leave (promise 1).

The intake answers a webhook once it is stored, unread: an order may lie in it. So after the commit that
claims, and before the second look, every call that is stored by then is read, or nothing leaves. A shop
that was silent for long is asked for orders of just those people; one that can't be asked holds nothing back.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from ripresa.contracts.decoding import Outcome
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.errands import Buyers
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import gaps, queries
from ripresa.domain.connections.models import Connection
from ripresa.domain.scenarios.sending import due_messages
from ripresa.domain.shops.models import Shop
from ripresa.usecases.calls.hear_shops import store_outcomes
from ripresa.usecases.calls.read_calls import CallReader
from ripresa.usecases.connected.asking import OVERLAP
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.sending.turns import Claimed

# How long one turn of sending waits: for shops that are asked, all together, and for calls that
# another worker is reading.
ASKING = timedelta(seconds=5)
_READING_SECONDS = 2.0
_NAP_SECONDS = 0.05
# A shop that could not be asked is left in peace for so long.
_PAUSE_SECONDS = 60.0
# Who was asked for everything until an instant is asked for what came since; else for so long.
_LOOK_BACK = timedelta(days=30)

_log = structlog.get_logger("ripresa.connections")


@dataclass(frozen=True, slots=True)
class LastWordOfShops:
    """Reads what shops called about by `reader`, and asks those that `opener` opens."""

    opener: Opener
    reader: CallReader
    _silent: dict[UUID, tuple[float, str]] = field(default_factory=dict)
    # Shops whose calls could not be read: nobody waits for them again at once.
    _stuck: dict[int, float] = field(default_factory=dict)

    def is_read(self, *, shop_id: int, now: datetime) -> bool:
        """Read what is stored by now; False: something of it is still unread."""
        is_stuck = self._stuck.get(shop_id, 0.0) > time.monotonic()
        until = time.monotonic() + (0.0 if is_stuck else _READING_SECONDS)
        unread = queries.unread_calls(shop_id)
        waited_for = set(unread)
        while waited_for & unread.keys():
            # The round began at `now`; what came since is due a moment later.
            came = [at for at in unread.values() if at is not None]
            if not self.reader.read_due(shop_id=shop_id, now=max([now, *came])):
                if time.monotonic() > until:
                    _log.warning("mails wait: calls of the shop are unread", shop=shop_id)
                    self._stuck[shop_id] = time.monotonic() + _PAUSE_SECONDS
                    return False
                time.sleep(_NAP_SECONDS)
            unread = queries.unread_calls(shop_id)
        self._stuck.pop(shop_id, None)
        return True

    def ask(self, *, shop: Shop, claimed: Sequence[Claimed], now: datetime) -> Mapping[str, Any]:
        """Ask platforms that were silent for longer than the shop allows."""
        if shop.ask_after is None:
            return {}
        silent = [
            one
            for one in queries.list_open(shop.id)
            if now - max(one.asked_until, one.last_heard_at or one.asked_until) > shop.ask_after
        ]
        if not silent:
            return {}
        until = time.monotonic() + ASKING.total_seconds()
        keys = due_messages.run(
            "keys_of_messages", shop_id=shop.id, ids=[one.message.id for one in claimed]
        )
        buyers = buyers_of(key for (key,) in keys)
        return {
            "shop_asked": {one.name: self._ask(one, buyers, until, now) or "yes" for one in silent}
        }

    def _ask(
        self, connection: Connection, buyers: Buyers, until: float, now: datetime
    ) -> str | None:
        """Ask one platform; returns why it was not asked."""
        again_at, why = self._silent.get(connection.id, (0.0, ""))
        if again_at > time.monotonic():
            return why
        left = timedelta(seconds=until - time.monotonic())
        if left <= timedelta(0):
            return "no: there was no time left"
        try:
            opened = self.opener.open(connection, now)
            find = opened.connector.find_orders
            if find is None:
                return f"no: {opened.connector.label} can't be asked for orders"
            since = now - _LOOK_BACK
            if opened.connector.ask is not None:
                since = connection.asked_until - OVERLAP - connection.behind
            found = find(opened.settings, buyers, since, left)
        except (ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError) as trouble:
            _log.warning("can't be asked", connection=connection.name, reason=str(trouble))
            why = f"no: {trouble}"
            self._silent[connection.id] = (time.monotonic() + _PAUSE_SECONDS, why)
            return why
        is_called = opened.connector.hear is not None
        _keep(connection, found, gaps.Asking(now, gaps.BEFORE_SENDING, since, is_called))
        return None


@transaction.atomic
def _keep(connection: Connection, found: Sequence[Outcome], asking: gaps.Asking) -> None:
    store_outcomes(connection, found, asking.at, asking=asking)


def buyers_of(keys: Iterable[str]) -> Buyers:
    """The people and carts behind keys such as `email:…`."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        kind, _, value = key.partition(":")
        by_kind[kind].add(value)
    return Buyers(
        emails=frozenset(by_kind["email"]),
        phones=frozenset(by_kind["phone"]),
        customer_ids=frozenset(by_kind["customer"]),
        cart_tokens=frozenset(by_kind["token"]),
        checkout_ids=frozenset(by_kind["checkout"]),
    )
