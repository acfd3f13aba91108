"""What is kept of letters before they are handed over: what they say, and what they cost."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from ripresa.contracts.channel import Channel, OutgoingLetter
from ripresa.contracts.letters.abilities import HasPrices, HasWindow
from ripresa.contracts.letters.windows import Window, window_of
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.models import MessageLetter
from ripresa.domain.shops.models import Shop
from ripresa.usecases.letters.setting import store


class Departing(NamedTuple):
    """A letter about to leave. `row`: what is kept of it, where it was not kept before."""

    message_id: UUID
    outgoing: OutgoingLetter
    row: MessageLetter | None


def window_for(shop: Shop, channel: Channel[OutgoingLetter]) -> Window | None:
    """Through which window letters show their address; None: the channel reaches nobody."""
    if not channel.is_real:
        return None
    return channel.window if isinstance(channel, HasWindow) else window_of(shop.country)


def keep(
    shop_id: int,
    letters: Sequence[Departing],
    channel: Channel[OutgoingLetter],
    *,
    timeout: timedelta,
) -> None:
    """Keep what letters say and will cost. A departure that fails after that leaves a draft behind."""
    store([one.row for one in letters if one.row is not None])
    if isinstance(channel, HasPrices):
        prices = channel.prices([one.outgoing for one in letters], timeout=timeout)
        costs = {
            one.message_id: price
            for one, price in zip(letters, prices, strict=True)
            if price is not None
        }
        outbox.set_costs(shop_id=shop_id, costs=costs)
