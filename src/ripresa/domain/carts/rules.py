"""What a cart is and how one event changes it: the small state machine behind every fold. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

Token = tuple[str, str]  # (source, token)


class CartState(StrEnum):
    """Where a cart stands (CAP-5)."""

    OPEN = "open"
    ABANDONED = "abandoned"
    RECOVERED = "recovered"
    ORDERED = "ordered"
    CLOSED = "closed"
    EMPTIED = "emptied"
    EXPIRED = "expired"


class ActivityKind(StrEnum):
    """What a shopper did to a cart."""

    UPDATED = "updated"
    EMPTIED = "emptied"
    STARTED = "started"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cart. `unit_minor` in minor units of the cart's currency."""

    product: str
    variant: str
    quantity: int
    unit_minor: int
    title: str
    url: str
    image_url: str
    categories: tuple[str, ...] = ()
    sku: str = ""
    variant_id: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a cart held at one instant."""

    currency: str
    total_minor: int
    lines: tuple[Line, ...]

    def differs_from(self, other: "Contents") -> bool:
        """Whether product, variant or quantity differ: price and title alone are no activity (CAP-3)."""
        return self.quantities() != other.quantities()

    def quantities(self) -> dict[tuple[str, str], int]:
        """Pieces by (product, variant)."""
        sums: dict[tuple[str, str], int] = {}
        for line in self.lines:
            key = (line.product, line.variant)
            sums[key] = sums.get(key, 0) + line.quantity
        return sums

    @property
    def item_count(self) -> int:
        """Pieces, not lines."""
        return sum(line.quantity for line in self.lines)


NOTHING = Contents(currency="", total_minor=0, lines=())


@dataclass(frozen=True, slots=True)
class Activity:
    """One event of a token. `contents` only for updates; the rest is what the event happened to carry.

    `restored_from`: the token whose cart goes on under this event's own; `by_page`: a public key said it.
    """

    token: Token
    at: datetime
    event_id: str
    kind: ActivityKind
    contents: Contents | None = None
    checkout_id: str | None = None
    restore_url: str | None = None
    visitor_id: str | None = None
    user_agent: str | None = None
    restored_from: str | None = None
    by_page: bool = False


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order as far as carts care. Keys: those it named, its person's strong keys among them."""

    id: UUID
    at: datetime
    tie: str  # the shop's id of the order: decides between two orders of one instant
    tokens: frozenset[str]  # tokens are looked for in every source
    checkouts: frozenset[str]
    contacts: frozenset[UUID]
    phones: frozenset[str]
    voided: bool  # cancelled or wholly refunded


@dataclass(frozen=True, slots=True)
class Company:
    """Everything ever named on a token, across its generations, with the instant of its first mention.

    `names` are people (UUID), ("phone", number) and ("checkout", id).
    """

    names: Mapping[object, datetime] = field(default_factory=dict)

    def before(self, last: datetime | None) -> set[object]:
        """What was named before `last`; None: everything."""
        return {name for name, since in self.names.items() if last is None or since < last}


@dataclass(frozen=True, slots=True)
class Attachment:
    """How a cart hangs on a person; `known_by`: token, visitor or nobody.

    `reachable_at`: since when someone could be written to about it.
    """

    person_key: str | None = None
    contact_id: UUID | None = None
    known_by: str = "nobody"
    reachable_at: datetime | None = None


class Register(Protocol):
    """Knows who is behind tokens and carts."""

    def company(self, token: Token, stay: "Stay | None" = None) -> Company:
        """Everybody named on a token, all the time or while another's cart went on there."""
        ...

    def attachment(self, cart: "CartFold") -> Attachment:
        """Whose this generation is, by its own events or else by its browser."""
        ...

    def tokens_of_visitors(self) -> Iterable[tuple[UUID, Token]]:
        """People who may be behind tokens by their browser alone."""
        ...


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The shop's own times: idle until abandoned (CAP-3), abandoned until expired (CAP-5)."""

    abandoned_after: timedelta
    expires_after: timedelta


@dataclass(frozen=True, slots=True)
class Left:
    """One abandonment: the cart as it was left (CAP-4). A stub stands for one that is stored already."""

    at: datetime
    left_at: datetime
    kind: str
    contents: Contents
    is_stub: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """A cart went on under another token than its own, from an instant to before another, or for good."""

    token: Token
    since: datetime
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether it lasted then."""
        return self.since <= at and (self.until is None or at < self.until)

    def shared(self, earliest: datetime, latest: datetime) -> tuple[datetime, datetime] | None:
        """The part of a time that lies in it, as far as its two ends tell; None: there is none."""
        first = max(earliest, self.since)
        if latest < self.since or (self.until is not None and first >= self.until):
            return None
        return first, latest if self.until is None else min(latest, self.until)


@dataclass(slots=True)
class CartFold:
    """A generation of a token while events run through it."""

    token: Token
    generation: int
    begun_at: datetime
    left_at: datetime
    newest: tuple[datetime, str]
    state: CartState = CartState.OPEN
    kind: str = "cart"
    contents: Contents = NOTHING
    checkout_id: str | None = None
    restore_url: str | None = None
    visitor_id: str | None = None
    user_agent: str | None = None
    abandonments: list[Left] = field(default_factory=list)
    order: Purchase | None = None
    stays: tuple[Stay, ...] = ()  # with other tokens, under which it was restored
    is_told_by_shop: bool = False  # by its own systems, and not by its pages alone

    @property
    def abandoned_at(self) -> datetime | None:
        """The latest abandonment, if there was one."""
        return self.abandonments[-1].at if self.abandonments else None

    def abandonment_due(
        self, reachable_at: datetime | None, clockwork: Clockwork
    ) -> datetime | None:
        """When this cart will be abandoned if nothing more happens; None: never."""
        if self.state is not CartState.OPEN or not self.contents.lines or reachable_at is None:
            return None
        return max(self.left_at + clockwork.abandoned_after, reachable_at)

    def lapse(self, until: datetime, reachable_at: datetime | None, clockwork: Clockwork) -> None:
        """Let time pass to just before `until`: what happens at that very instant came in time."""
        due = self.abandonment_due(reachable_at, clockwork)
        if due is not None and due < until:
            self.state = CartState.ABANDONED
            self.abandonments.append(Left(due, self.left_at, self.kind, self.contents))
        if (
            self.state is CartState.ABANDONED
            and self.abandoned_at
            and self.abandoned_at + clockwork.expires_after < until
        ):
            self.state = CartState.EXPIRED

    def wait_for_clock(self) -> None:
        """Forget that the present stretch was found abandoned: that is for the clock to find."""
        if self.state in {CartState.ABANDONED, CartState.EXPIRED}:
            self.state = CartState.OPEN
            self.abandonments = [left for left in self.abandonments if left.left_at != self.left_at]

    def apply(self, event: Activity) -> None:
        """Take one event, later than all before it."""
        self.newest = (event.at, event.event_id)
        self.checkout_id = event.checkout_id or self.checkout_id
        self.restore_url = event.restore_url or self.restore_url
        self.visitor_id = self.visitor_id or event.visitor_id  # whose browser it was begun in
        self.user_agent = event.user_agent or self.user_agent
        self.is_told_by_shop = self.is_told_by_shop or not event.by_page
        if event.kind is ActivityKind.EMPTIED:
            self._empty(event.at)
        elif event.kind is ActivityKind.UPDATED:
            self._update(event.contents or NOTHING, event.at)
        else:
            self.kind = "checkout" if event.kind is ActivityKind.STARTED else "cart"
            self._restart(event.at)

    def _update(self, contents: Contents, at: datetime) -> None:
        differs = contents.differs_from(self.contents)
        self.contents = contents
        if not contents.lines:
            self._empty(at)
        elif differs:
            self._restart(at)
        elif self.abandonments and self.abandonments[-1].left_at == self.left_at:
            # The same items told anew, maybe at new prices: so the cart lies there now.
            self.abandonments[-1] = replace(self.abandonments[-1], contents=contents, is_stub=False)

    def _empty(self, at: datetime) -> None:
        self.contents = replace(self.contents, total_minor=0, lines=())
        self.left_at = at
        self.state = CartState.EMPTIED

    def _restart(self, at: datetime) -> None:
        self.left_at = at
        if self.contents.lines or self.state is not CartState.EMPTIED:
            self.state = CartState.OPEN

    def go_on_under(self, token: Token, at: datetime) -> None:
        """It was restored under another token: whoever is named there is named on it from now on."""
        self.stays += (Stay(token, at),)

    def part_from(self, token: Token, at: datetime) -> None:
        """What happens under another token is no longer its own story."""
        self.stays = tuple(
            replace(stay, until=at) if stay.token == token and stay.until is None else stay
            for stay in self.stays
        )

    def names_at(self, at: datetime) -> set[str]:
        """The tokens that stood for it then."""
        return {self.token[1]} | {stay.token[1] for stay in self.stays if stay.covers(at)}

    def give_way(self, at: datetime) -> None:
        """Another cart was restored in its place: what it held is that one's to tell from now on."""
        if self.contents.lines:
            self._empty(at)

    def end(self, state: CartState, order: Purchase) -> None:
        """An order ends this cart."""
        self.state = state
        self.order = order

    @property
    def is_ended(self) -> bool:
        """Whether an order ended it: what follows on its token is a new generation."""
        return self.order is not None

    def revive_if_voided(self) -> None:
        """Its order was cancelled or wholly refunded: abandoned again, if it ever was (CAP-7)."""
        ended = self.state in {CartState.RECOVERED, CartState.CLOSED}
        if ended and self.order is not None and self.order.voided and self.abandonments:
            self.state = CartState.ABANDONED
