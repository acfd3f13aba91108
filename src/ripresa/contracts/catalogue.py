"""What a shop is asked through its connector before a message leaves: is it there, at what price.

A shop that can't be asked, or does not answer, holds nothing back: the trail says that nobody looked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where to look: the shop, the source of its carts (a connector's), and the cart's currency."""

    shop_id: int
    source: str
    currency: str


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item as its cart names it; any of the four may be empty. `variant` is words, `variant_id` is not."""

    product: str
    variant: str
    sku: str
    variant_id: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """It can be bought. `unit_minor` in the cart's currency; `left` pieces. None: nothing is said.

    `url` and `image_url` are for items whose cart tells none; empty: nothing is said.
    """

    unit_minor: int | None = None
    left: int | None = None
    url: str = ""
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """Sold out or removed: not to be advertised (MSG-8)."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Nobody looked, or nobody answered; `why` goes into the trail."""

    why: str


ItemState = Offered | Gone


class Catalogue(Protocol):
    """A shop that can be asked."""

    def read(
        self, items: Sequence[CatalogueItem], shelf: Shelf, *, timeout: timedelta
    ) -> list[ItemState] | CannotTell:
        """How each of `items` stands now, in order. Never raises for a shop that is away."""
        ...


class NoCatalogue:
    """The shop can't be asked: no connector of ours does it."""

    def read(
        self,
        items: Sequence[CatalogueItem],  # noqa: ARG002
        shelf: Shelf,  # noqa: ARG002
        *,
        timeout: timedelta,  # noqa: ARG002
    ) -> list[ItemState] | CannotTell:
        """Nothing is known."""
        return CannotTell("not checked: the shop can't be asked")
