"""How events become carts: a pure function of what happened, in any order of arrival.

`Household.play` runs the events of a household (people and tokens that share a key) through one small state
machine per token, in the order in which they happened. Folding a new event into a stored cart and folding
everything again are the same code: a household may start from stored carts.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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


ENDED_BY_ORDER = frozenset({CartState.RECOVERED, CartState.ORDERED, CartState.CLOSED})


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
    """One event of a token. `contents` only for updates; the rest is what the event happened to carry."""

    token: Token
    at: datetime
    event_id: str
    kind: ActivityKind
    contents: Contents | None = None
    checkout_id: str | None = None
    restore_url: str | None = None
    visitor_id: str | None = None
    user_agent: str | None = None


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

    def company(self, token: Token) -> Company:
        """Everybody named on a token."""
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


class Household:
    """The carts of people and tokens that share a key, while events run through them in order."""

    def __init__(
        self,
        tokens: Iterable[Token],
        register: Register,
        clockwork: Clockwork,
        carts: Iterable[CartFold] = (),
    ) -> None:
        self._register = register
        self._clockwork = clockwork
        self._company = {token: register.company(token) for token in tokens}
        self.carts: dict[Token, list[CartFold]] = {}
        self._fills: dict[Token, list[datetime]] = {}
        self._tokens: dict[object, set[Token]] = defaultdict(set)
        for token, company in self._company.items():
            for name in company.names:
                self._tokens[name].add(token)
        for contact, token in register.tokens_of_visitors():
            self._tokens[contact].add(token)
        for cart in sorted(carts, key=lambda cart: cart.generation):
            self.carts.setdefault(cart.token, []).append(cart)
            self._note(cart.token, cart.checkout_id)

    def _note(self, token: Token, checkout_id: str | None) -> None:
        self._tokens[token[1]].add(token)
        if checkout_id is not None:
            self._tokens[("checkout", checkout_id)].add(token)

    def play(self, activities: Sequence[Activity], purchases: Sequence[Purchase]) -> None:
        """Run everything in the order in which it happened; an order sorts after what shares its instant."""
        happenings: list[tuple[datetime, int, str, Activity | Purchase]] = [
            (event.at, 0, event.event_id, event) for event in activities
        ]
        happenings += [(order.at, 1, order.tie, order) for order in purchases]
        for event in sorted(activities, key=lambda event: event.at):
            if event.contents is not None and event.contents.lines:
                self._fills.setdefault(event.token, []).append(event.at)
        for *_, happening in sorted(happenings, key=lambda row: row[:3]):
            if isinstance(happening, Purchase):
                self._order(happening)
            else:
                self._act(happening)

    def _lapse(self, cart: CartFold, until: datetime) -> None:
        reachable_at = self._register.attachment(cart).reachable_at
        cart.lapse(until, reachable_at, self._clockwork)

    def _act(self, event: Activity) -> None:
        generations = self.carts.setdefault(event.token, [])
        self._note(event.token, event.checkout_id)
        current = generations[-1] if generations else None
        if current is None or current.is_ended:
            if current is not None and not self._begins_anew(event):
                # It counts for nothing, unless something that happened before it is told later.
                current.newest = (event.at, event.event_id)
                return
            current = CartFold(
                token=event.token,
                generation=1 if current is None else current.generation + 1,
                begun_at=event.at,
                left_at=event.at,
                newest=(event.at, event.event_id),
            )
            generations.append(current)
        self._lapse(current, event.at)
        current.apply(event)

    @staticmethod
    def _begins_anew(event: Activity) -> bool:
        """After an order only new items begin a new cart: shops empty and echo the old one."""
        return event.contents is not None and bool(event.contents.lines)

    def _order(self, order: Purchase) -> None:
        named = [cart for cart in self._candidates(order) if self._names(order, cart)]
        self._buy(named, order)
        # Whoever held the cart that was ordered is the one who ordered, named or not.
        held_by = [self._register.attachment(cart).contact_id for cart in named]
        buyers = frozenset(contact for contact in held_by if contact is not None)
        order = replace(order, contacts=order.contacts | buyers)
        hers = [cart for cart in self._candidates(order) if cart not in named]
        for cart in hers:
            self._lapse(cart, order.at)
        hers = [
            cart
            for cart in hers
            if cart.state in {CartState.OPEN, CartState.ABANDONED}
            and self._shares_person(order, cart)
        ]
        chosen = [] if named else _newest(hers)
        self._buy(chosen, order)
        for cart in hers:
            if cart not in chosen:
                cart.end(CartState.CLOSED, order)

    def _buy(self, carts: list[CartFold], order: Purchase) -> None:
        for cart in carts:
            self._lapse(cart, order.at)
            cart.end(CartState.RECOVERED if cart.abandonments else CartState.ORDERED, order)

    def _candidates(self, order: Purchase) -> list[CartFold]:
        """The present carts of all tokens that share any key with the order."""
        names = [*order.tokens, *order.contacts, *_tagged(order)]
        tokens = {token for name in names for token in self._tokens.get(name, ())}
        return [
            generations[-1]
            for token in sorted(tokens)
            if (generations := self.carts.get(token)) and self._open_to(generations[-1], order)
        ]

    @staticmethod
    def _open_to(cart: CartFold, order: Purchase) -> bool:
        """Begun before the order, and not already ended by one that still stands."""
        if cart.order is not None:
            cart.revive_if_voided()
            return cart.order.voided and cart.begun_at <= order.at
        return cart.begun_at <= order.at

    def _names(self, order: Purchase, cart: CartFold) -> bool:
        if cart.token[1] in order.tokens or cart.checkout_id in order.checkouts:
            return True
        named = self._named_on(cart, order)
        return any(("checkout", checkout) in named for checkout in order.checkouts)

    def _shares_person(self, order: Purchase, cart: CartFold) -> bool:
        named = self._named_on(cart, order)
        if not named.isdisjoint(order.contacts) or not named.isdisjoint(_tagged(order)):
            return True
        found = self._register.attachment(cart)
        return found.known_by == "visitor" and found.contact_id in order.contacts

    def _named_on(self, cart: CartFold, order: Purchase) -> set[object]:
        """What was named on a cart before it was next filled: a browser may have passed on by then."""
        fills = self._fills.get(cart.token, [])
        place = bisect_right(fills, order.at)
        company = self._company.get(cart.token, Company())
        return company.before(fills[place] if place < len(fills) else None)


def _tagged(order: Purchase) -> list[object]:
    """The order's phones and check-outs, as a company names them."""
    tagged: list[object] = [("phone", phone) for phone in order.phones]
    return tagged + [("checkout", checkout) for checkout in order.checkouts]


def _newest(carts: list[CartFold]) -> list[CartFold]:
    """The newest abandoned one, or, if none is, the newest open one that holds something (CAP-6)."""
    abandoned = [cart for cart in carts if cart.state is CartState.ABANDONED]
    if abandoned:
        return [max(abandoned, key=lambda cart: (cart.abandonments[-1].at, cart.token))]
    filled = [cart for cart in carts if cart.contents.lines]
    return [max(filled, key=lambda cart: (cart.left_at, cart.token))] if filled else []
