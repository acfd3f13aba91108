"""The last word of the shop before messages leave: what it said is read, and it may be asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from ripresa.domain.shops.models import Shop
from ripresa.usecases.sending.turns import Claimed


class LastWord(Protocol):
    """Who hears a shop's platforms. Never called while a transaction is open."""

    def ask(self, *, shop: Shop, claimed: Sequence[Claimed], now: datetime) -> Mapping[str, Any]:
        """Ask for orders of those who are about to hear from us; returns what the trail is to say of it.

        What is found is stored like any event: the second look sees it. Bounded in time.
        """
        ...

    def is_read(self, *, shop_id: int, now: datetime) -> bool:
        """Read what was called in before now; False: some of it can't be read yet, so nothing may leave."""
        ...


class NoConnections:
    """No platform is connected: there is nobody to ask, and nothing to read."""

    def ask(
        self,
        *,
        shop: Shop,  # noqa: ARG002
        claimed: Sequence[Claimed],  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Mapping[str, Any]:
        """Nothing to tell."""
        return {}

    def is_read(self, *, shop_id: int, now: datetime) -> bool:  # noqa: ARG002
        """All that there is was read."""
        return True
