"""What a shop is asked for beside changes, and what comes back.

Money is a Decimal in major units beside its currency here, for that is how every platform wants it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ripresa.contracts.decoding import Outcome


@dataclass(frozen=True, slots=True)
class Registered:
    """How a shop's webhooks stand after registering, each by the shop's own word for what it tells.

    `made`: created or switched on again just now. `kept`: stood already. `problems`: what the user has
    to know, in words; a topic that can't be had is one of them.
    """

    made: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A part of a shop's history. `until`: everything that changed before it has been told by now.

    None: that can't be said yet, as when a shop tells its history in no order; whoever begins again then
    begins at the latest `until` there was.
    """

    outcomes: list[Outcome]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Buyers:
    """Keys of the people about to be written to, all together: an order with any of them is of interest.

    `emails` in lower case, `phones` in E.164; tokens and ids as the connector itself told them.
    """

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    customer_ids: frozenset[str] = frozenset()
    cart_tokens: frozenset[str] = frozenset()
    checkout_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CouponWanted:
    """Codes to be made in the shop: each can be used once, by whoever has it.

    `codes` are ours, not to be guessed, 8 to 32 of A-Z and 0-9. One that stands in the shop already under
    `name` is one that was made when no answer came back: it counts as made. `name` is what the shop's own
    pages call them, and the same for every batch of a pool. `value` is a percentage (0 < value <= 100)
    where `is_percent`, else money. `minimum`: the least goods' worth; `valid_until` is exclusive.
    """

    name: str
    codes: tuple[str, ...]
    value: Decimal
    currency: str
    is_percent: bool
    minimum: Decimal | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RestoredItem:
    """A line to put back. Any of the names may be empty: see CatalogueItem.

    They may come from the storefront script, so from anybody: to be quoted in an address.
    """

    product: str
    variant: str
    variant_id: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class RestoredCart:
    """A cart somebody wants back. `url_from_shop`: where the shop itself said it would be restored.

    `code` is a coupon to apply; empty: none. There is nothing personal in it, nor may be in the link.
    """

    token: str
    items: tuple[RestoredItem, ...]
    currency: str
    url_from_shop: str | None = None
    code: str = ""
