"""What a connector gives: the events in a shop's calls, and in what a shop answers when asked.

Each folder under `connectors/` says one `Connector` in `connector.py`; the registry in `entrypoints`
lists them, a line each. Settings are kept for each connection, the secret ones sealed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ripresa.contracts.decoding import Outcome
from ripresa.contracts.feedback import HookRequest
from ripresa.contracts.provider import Declared, Setting

# An address for a shop's calls is this, the platform, and a signed id of the connection.
SHOP_HOOK_PATH = "/hooks/"
SHOP_HOOK_PURPOSE = "connection hook"


class Ability(StrEnum):
    """What a platform can do. What it can't is declared, and shown wherever it is missed."""

    CARTS = "carts"  # tells of carts by itself
    CHECKOUTS = "checkouts"
    ORDERS = "orders"
    CUSTOMERS = "customers"
    POLLED = "polled"  # can be asked what changed since an instant


class ShopAway(Exception):
    """The shop can't be asked just now; the message says why. Asked again later."""


class NotLetIn(Exception):
    """The shop refuses our credentials; the message says what it said. Someone has to look."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one call told: events and rejections, in order. `has_ended`: the shop has let go of us."""

    outcomes: tuple[Outcome, ...] = ()
    has_ended: bool = False
    # Not an event, and nothing to do: a ping, or a topic that says nothing to us.
    is_ignored: bool = False


@dataclass(frozen=True, slots=True)
class Connector(Declared):
    """A platform as it is offered. `settings` passed on are complete: defaults filled in, all text.

    `hear` reads one call; raises HookRefused for one that is not believed or can't be read. `ask` gives what
    changed since an instant, oldest first, a page at a time; raises ShopAway, NotLetIn. `topics` are those
    to register at the shop, in its own words.
    """

    name: str
    label: str
    settings: tuple[Setting, ...]
    abilities: frozenset[Ability]
    hear: Callable[[HookRequest, Mapping[str, str]], Heard] | None = None
    ask: Callable[[Mapping[str, str], datetime], Iterator[list[Outcome]]] | None = None
    topics: tuple[str, ...] = ()
