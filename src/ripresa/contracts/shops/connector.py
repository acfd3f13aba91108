"""What a connector gives: the events in a shop's calls, what a shop answers, and errands done there.

Each folder under `connectors/` says one `Connector` in `connector.py`; the registry in `entrypoints`
lists them, a line each. Settings are kept for each connection, the secret ones sealed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ripresa.contracts.catalogue import CatalogueItem, ItemState
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.feedback import HookRequest
from ripresa.contracts.provider import Declared, Setting
from ripresa.contracts.shops.errands import (
    Buyers,
    CouponWanted,
    HistoryPage,
    Registered,
    RestoredCart,
)
from ripresa.contracts.shops.installing import Install
from ripresa.contracts.shops.personal import PersonalRequest

# An address for a shop's calls is this, the platform, and a signed id of the connection.
SHOP_HOOK_PATH = "/hooks/"
SHOP_HOOK_PURPOSE = "connection hook"

# Complete: defaults filled in, secrets opened, and over them what `renew` had kept before.
Settings = Mapping[str, str]


class Ability(StrEnum):
    """What a platform can do. What it can't is declared, and shown wherever it is missed.

    The first four say what it tells of; each of the others goes with a callable of `Connector`.
    """

    CARTS = "carts"  # tells of carts by itself
    CHECKOUTS = "checkouts"
    ORDERS = "orders"
    CUSTOMERS = "customers"
    REGISTERED = "registered"  # `register`: its webhooks need not be made by hand
    POLLED = "polled"  # `ask`: can be asked what changed since an instant
    HISTORY = "history"  # `back_fill` or `ask`: what was before the connection
    CATALOGUE = "catalogue"  # `look`: prices, stock, items gone
    ORDERS_FOUND = "orders_found"  # `find_orders`: asked before a message leaves
    COUPONS = "coupons"  # `mint`
    CODES_CHECKED = "codes_checked"  # `look_at_codes`
    RESTORED = "restored"  # `restore_link`
    WATCHED = "watched"  # `watch`


class Remedy(StrEnum):
    """What helps where a shop can't be asked. Pages go by this, never by what a trouble says."""

    WAIT = "wait"  # it passes by itself
    RENEW = "renew"  # other credentials or settings have to be given
    INSTALL = "install"  # the app has to be let into the shop, at the connection's install address
    ALLOW = "allow"  # something has to be allowed or set up in the shop itself
    OURS = "ours"  # this install has to be set up first


class ShopAway(Exception):
    """The shop can't be asked just now; the message says why. Asked again later."""

    remedy = Remedy.WAIT


class NotLetIn(Exception):
    """The shop refuses our credentials; the message says what it said. Someone has to look."""

    def __init__(self, message: str, remedy: Remedy = Remedy.RENEW) -> None:
        super().__init__(message)
        self.remedy = remedy


class Sums(StrEnum):
    """Over which sums of money a platform makes coupons; over per cent all do that make any."""

    NONE = ""
    OWN = "own"  # in the shop's own currency alone
    ANY = "any"  # in whichever currency is named


@dataclass(frozen=True, slots=True)
class Heard:
    """What one call told: events and rejections, in order. `has_ended`: the shop has let go of us.

    As it stands it is a call about nothing: a ping, or a topic that says nothing to us.
    """

    outcomes: tuple[Outcome, ...] = ()
    has_ended: bool = False
    request: PersonalRequest | None = None


@dataclass(frozen=True, slots=True)
class Connector(Declared):
    """A platform as it is offered: what it is told, what it can do, and how that is done.

    Whatever talks to a shop raises ShopAway where that passes by itself, NotLetIn where somebody has to
    act, and nothing else for what a shop may answer. It is never called while a transaction is open.
    `renew` is called before any other that talks to the shop, and what it kept is among the settings.
    Events have the same ids whichever way they came: called, asked, found or filled in.

    hear(call, settings) -> Heard
        Reads one call. Talks to nobody. Raises HookRefused for one that is not believed or can't be read.
    ask(settings, since) -> pages of outcomes
        What changed since an instant, oldest change first. Asked every ten minutes.
    back_fill(settings, since) -> pages of history
        The same for months or years, in bulk. Absent: `ask`.
    renew(settings, now) -> what to keep | None
        Credentials that live shortly, or keys to believe calls by. What it returns is kept, sealed, and
        lies over the settings from then on; None: nothing is to be renewed. Mostly it only looks at the
        clock, so it is to renew well before the end. Names are the connector's own; beside a token belongs
        whatever tells that it was made with other settings. Never called twice at once for a connection.
    register(settings, address) -> Registered
        Has the shop call `address` about `topics`: lists what is there, makes what is missing, switches on
        what was switched off, removes our own strays (same address, twice, or a topic we no longer want).
        Idempotent; called when connected and every hour.
    look(settings, items, currency, timeout) -> a state for each of `items`, in order
        The catalogue: prices in `currency`, stock, what is gone. One whose price can't be told in
        `currency` is Offered without a price.
    find_orders(settings, buyers, since, timeout) -> outcomes
        Orders placed or changed since an instant by any of `buyers`. More than was asked for is no harm;
        less is. Before a hand-over, so `timeout` is short and holds for the whole.
    mint(settings, wanted) -> the codes that now stand
        Makes codes in the shop, each to be used once. Codes left out of the answer were not made. `sums`
        says whether they may be over a sum of money: files that ask for one are refused elsewhere.
    look_at_codes(settings, codes, timeout) -> by code, whether it can be used now
        None: that can't be told. Where `timeout` is over before all were looked at, the others are left out.
    restore_link(settings, cart) -> address | None
        Where the cart comes back, the code applied; it logs nobody in and names nobody. Talks to nobody.
    watch(settings) -> sentences
        What the user has to know, such as a permission that is missing. Reminders the shop sends itself are
        AlsoReminds (contracts.shops.reminders): the owner is mailed about those.

    `timeout` is for the whole of a call, `asking(url, within=timeout)` keeps it. `topics` are those to
    register at the shop, in its own words.
    """

    name: str
    label: str
    settings: tuple[Setting, ...]
    abilities: frozenset[Ability]
    hear: Callable[[HookRequest, Settings], Heard] | None = None
    ask: Callable[[Settings, datetime], Iterator[list[Outcome]]] | None = None
    topics: tuple[str, ...] = ()
    back_fill: Callable[[Settings, datetime], Iterator[HistoryPage]] | None = None
    renew: Callable[[Settings, datetime], Mapping[str, str] | None] | None = None
    register: Callable[[Settings, str], Registered] | None = None
    look: Callable[[Settings, Sequence[CatalogueItem], str, timedelta], list[ItemState]] | None = (
        None
    )
    find_orders: Callable[[Settings, Buyers, datetime, timedelta], list[Outcome]] | None = None
    mint: Callable[[Settings, CouponWanted], list[str]] | None = None
    sums: Sums = Sums.NONE
    look_at_codes: (
        Callable[[Settings, Sequence[str], timedelta], Mapping[str, bool | None]] | None
    ) = None
    restore_link: Callable[[Settings, RestoredCart], str | None] | None = None
    watch: Callable[[Settings], tuple[str, ...]] | None = None
    install: Install | None = None

    @property
    def can(self) -> frozenset[Ability]:
        """What it tells of, and what it can be asked to do."""
        given = {
            Ability.REGISTERED: self.register,
            Ability.POLLED: self.ask,
            Ability.HISTORY: self.back_fill or self.ask,
            Ability.CATALOGUE: self.look,
            Ability.ORDERS_FOUND: self.find_orders,
            Ability.COUPONS: self.mint,
            Ability.CODES_CHECKED: self.look_at_codes,
            Ability.RESTORED: self.restore_link,
            Ability.WATCHED: self.watch,
        }
        return self.abilities | {ability for ability, there in given.items() if there is not None}
