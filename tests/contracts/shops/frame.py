"""What a platform brings to the suite: see tests/contracts/shops/platforms.py, one line each."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from ripresa.contracts.catalogue import CatalogueItem, Gone, Offered
from ripresa.contracts.events import StoreEvent
from ripresa.contracts.feedback import HookRequest
from ripresa.contracts.shops.connector import Connector
from ripresa.contracts.shops.errands import Buyers, CouponWanted, RestoredCart
from tests.scripted_http import Said, Silence

# When calls were received, and what is asked was asked.
T0 = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
HOOK = "https://r.test/hooks/x/1"
Fault = Said | Silence | bytes


class LocalShop(Protocol):
    """A shop that speaks its platform's documented protocol, on loopback.

    `settings` lead to it. `faults` are answered first, in order, whatever is asked. It holds some orders
    that changed since `Platform.since`, more than one page of them where that is cheap.
    """

    settings: Mapping[str, str]
    faults: list[Fault]


def nothing(_shop: Any) -> None:
    """For what a platform does not do."""


@dataclass(frozen=True)
class Platform:
    """A connector and what it is tried with; what it can't do stays empty.

    `calls`: recorded ones, signed at T0 with `secrets`, all believed; one at least tells an event.
    `forge` gives a call signed with another secret; `late` one that was signed too long ago to be
    believed (None: the platform says no time). `buyers` have an order in the shop, by each key apart.
    `items`: what the shop says of them. `expire` ends the credentials in the shop, `switch_off` one of the
    webhooks that were registered.
    """

    connector: Connector
    shop: Callable[[], AbstractContextManager[Any]] | None = None
    since: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    secrets: Mapping[str, str] | None = None
    calls: Sequence[HookRequest] = ()
    forge: Callable[[HookRequest], HookRequest] | None = None
    late: Callable[[HookRequest], HookRequest] | None = None
    buyers: Sequence[Buyers] = ()
    items: Sequence[tuple[CatalogueItem, Offered | Gone]] = ()
    currency: str = "EUR"
    wanted: CouponWanted | None = None
    cart: RestoredCart | None = None
    expire: Callable[[Any], None] = nothing
    switch_off: Callable[[Any], None] = nothing

    @property
    def name(self) -> str:
        return self.connector.name


def events(outcomes: Sequence[object]) -> list[StoreEvent]:
    return [one for one in outcomes if isinstance(one, StoreEvent)]


def ids(outcomes: Sequence[object]) -> list[str]:
    return [one.id for one in events(outcomes)]


def tampered(call: HookRequest) -> HookRequest:
    """The same call with one more blank in its body: the meaning stays, the signature does not."""
    return replace(call, body=call.body + b" ")
