"""Carts and their states, read from all events known at an instant (CAP-2 to CAP-7).

The whole history is walked again each time, in the order in which things happened. Nothing is
carried over from an earlier walk, so late and disordered delivery needs no thought here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from .events_reading import Event, Goods, Items
from .orders_reading import Order, read_orders
from .people_reading import People, Person

EXPIRES_AFTER = timedelta(days=30)
ACTIVITY = ("cart.updated", "cart.emptied", "checkout.started", "checkout.left")
LONG_AGO = datetime.min.replace(tzinfo=UTC)
TICK = timedelta(microseconds=1)


@dataclass
class Ending:
    """The order that ended a generation."""

    order: Order
    state: str  # recovered, ordered or closed
    by_name: bool
    undone: bool = False  # the order was cancelled or wholly refunded


@dataclass
class Cart:
    token: str
    generation: int
    begun_at: datetime
    mentions_after: datetime  # events that name the token earlier belong to the generation before
    mentions_before: datetime | None = None  # … and from here on to the one after
    items: Items = ()
    goods: Goods | None = None  # of the last update that held something
    user_agent: str | None = None  # the last one told by something that changed the cart
    left_at: datetime | None = None  # the last activity that restarts the idle clock
    kind: str = "cart"  # or "checkout": the latest of started and left decides (CAP-2)
    state: str = "open"
    abandoned_at: list[datetime] = field(default_factory=list)
    ending: Ending | None = None
    has_test_order: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.token, self.generation

    @property
    def standing_order(self) -> Order | None:
        """The order that holds this cart; None again once that order was undone."""
        return self.ending.order if self.ending and not self.ending.undone else None


class Carts:
    """All carts as they stand at `now`, given what is known by then."""

    def __init__(self, people: People, *, abandoned_after: timedelta, now: datetime) -> None:
        self.people = people
        self.orders = read_orders(people)
        self.all: list[Cart] = []
        self._abandoned_after = abandoned_after
        self._reachable: dict[tuple[str, int], datetime | None] = {}
        self._prefixes: dict[datetime, People] = {}
        for instant, _, _, happen in sorted(self._happenings(), key=lambda entry: entry[:3]):
            for cart in self.all:
                self._pass_time(cart, instant)
            happen()
        for cart in self.all:
            self._pass_time(cart, now + TICK)

    def find(self, token: str, generation: int) -> Cart:
        """That generation; where a refold left fewer of them, the last one of the token."""
        return [c for c in self.all if c.token == token and c.generation <= generation][-1]

    def behind(self, cart: Cart, people: People | None = None) -> Person | None:
        """The person of a cart: who named herself on it last while it lived, else first after.

        A cart nobody named is the person's whose order named it, else that of its visitor.
        """
        people = people or self.people
        mentions = self._mentions(cart, people)
        strong = [event for event in mentions if event.email or event.customer]
        naming = strong or [event for event in mentions if event.phone]
        alive = [e for e in naming if not cart.ending or e.at <= cart.ending.order.at]
        if naming:
            return people.of_event(alive[-1] if alive else naming[0])
        if cart.ending and cart.ending.by_name and cart.ending.order.people:
            return min(cart.ending.order.people)
        return people.of_visitors(_visitors(mentions), cart.begun_at)

    def taken_up_at(self, cart: Cart, idle: timedelta) -> datetime | None:
        """When a scenario takes an abandoned cart up; never again once an order has ended it."""
        if cart.state != "abandoned" or cart.ending or cart.left_at is None:
            return None
        return max(cart.left_at + idle, cart.abandoned_at[-1])

    def deadlines(self, cart: Cart, idle: timedelta) -> Iterator[datetime]:
        """Instants at which time alone changes this cart, or a scenario takes it up."""
        if cart.state == "open" and (due := self._abandonment_due(cart)):
            yield due
        if cart.state == "abandoned":
            yield cart.abandoned_at[-1] + EXPIRES_AFTER
        if taken_up_at := self.taken_up_at(cart, idle):
            yield taken_up_at

    # -- the walk ---------------------------------------------------------------------------

    def _happenings(self) -> Iterator[tuple[datetime, int, str, Callable[[], None]]]:
        """At one instant: activity, then orders, then what undoes orders; each by id."""
        for event in self.people.events:
            if event.type in ACTIVITY:
                yield event.at, 0, event.id, partial(self._activity, event)
        for order in self.orders:
            yield order.at, 1, order.event_id, partial(self._place, order)
            if order.undone_at and order.counts:
                yield order.undone_at, 2, order.event_id, partial(self._undo, order)

    def _pass_time(self, cart: Cart, until: datetime) -> None:
        """Let what fell due before `until` happen; what happens at `until` itself is in time."""
        if cart.state == "open":
            due = self._abandonment_due(cart)
            if due and due < until:
                cart.state = "abandoned"
                cart.abandoned_at.append(due)
        if cart.state == "abandoned" and cart.abandoned_at[-1] + EXPIRES_AFTER < until:
            cart.state = "expired"

    def _abandonment_due(self, cart: Cart) -> datetime | None:
        if not cart.items or cart.left_at is None:
            return None
        if cart.key not in self._reachable:
            self._reachable[cart.key] = self._reachable_at(cart)
        reachable_at = self._reachable[cart.key]
        return max(cart.left_at + self._abandoned_after, reachable_at) if reachable_at else None

    def _reachable_at(self, cart: Cart) -> datetime | None:
        """The first instant at which, by what had happened until then, someone could be reached."""
        later = {event.at for event in self.people.events if event.at > cart.begun_at}
        for instant in (cart.begun_at, *sorted(later)):
            if instant not in self._prefixes:
                past = [event for event in self.people.events if event.at <= instant]
                self._prefixes[instant] = People(past)
            people = self._prefixes[instant]
            if people.profile(self.behind(cart, people)).is_reachable:
                return instant
        return None

    def _activity(self, event: Event) -> None:
        cart = self._current(event.token)
        if cart is None:
            cart = self._begin(event, generation=1, mentions_after=LONG_AGO)
        elif cart.ending:
            if not event.items:
                return
            cart.mentions_before = event.at
            ended_at = cart.ending.order.at
            cart = self._begin(event, generation=cart.generation + 1, mentions_after=ended_at)
        cart.goods = event.goods if event.items else cart.goods
        cart.user_agent = event.user_agent or cart.user_agent
        if event.type.startswith("checkout."):
            cart.kind = "checkout" if event.type == "checkout.started" else "cart"
            cart.left_at = event.at
            cart.state = "emptied" if cart.state == "emptied" else "open"
        elif not event.items:
            cart.items, cart.left_at, cart.state = (), event.at, "emptied"
        elif event.items != cart.items:
            cart.items, cart.left_at, cart.state = event.items, event.at, "open"

    def _begin(self, event: Event, *, generation: int, mentions_after: datetime) -> Cart:
        cart = Cart(event.token or "", generation, event.at, mentions_after)
        self.all = sorted([*self.all, cart], key=lambda each: each.key)
        return cart

    def _current(self, token: str | None) -> Cart | None:
        generations = [cart for cart in self.all if cart.token == token]
        return generations[-1] if generations else None

    def _mentions(self, cart: Cart, people: People) -> list[Event]:
        """Events that name this cart; orders are no mention, they have rules of their own."""
        until = cart.mentions_before
        return [
            event
            for event in people.events
            if event.token == cart.token
            and event.order is None
            and cart.mentions_after < event.at
            and (until is None or event.at < until)
        ]

    # -- orders -----------------------------------------------------------------------------

    def _place(self, order: Order) -> None:
        """CAP-6: by name that cart; by person alone the newest; her others are closed."""
        named = self._named_by(order)
        if named and order.test:
            named.has_test_order = True
        if not order.counts:
            return
        if named and (owner := self.behind(self._if_ended(named, order))):
            order.buyers.add(owner)
        hers = [cart for cart in self.all if cart is not named and self._shares_key(cart, order)]
        chosen = named or _newest(hers, "abandoned") or _newest(hers, "open")
        for cart in hers:
            _end(cart, Ending(order, "closed", by_name=False))
        if chosen:
            state = "recovered" if chosen.abandoned_at else "ordered"
            _end(chosen, Ending(order, state, by_name=chosen is named))

    def _undo(self, order: Order) -> None:
        """CAP-7: what had been abandoned is so again; what was bought without that stays."""
        for cart in self.all:
            if cart.ending and cart.ending.order is order and cart.abandoned_at:
                cart.state = "abandoned"
                cart.ending.undone = True

    def _named_by(self, order: Order) -> Cart | None:
        """The living cart of that token, else the newest one of that checkout."""
        cart = self._current(order.cart_token)
        if cart and not cart.standing_order:
            return cart
        of_checkout = [
            cart
            for cart in self.all
            if order.checkout_id
            and not cart.standing_order
            and order.checkout_id in {e.checkout_id for e in self._would_keep(cart, order)}
        ]
        return max(of_checkout, key=lambda cart: (cart.begun_at, cart.token), default=None)

    def _shares_key(self, cart: Cart, order: Order) -> bool:
        """Customer id, e-mail or phone; whoever was named on the cart, not only the last one."""
        if cart.state not in ("open", "abandoned"):
            return False
        mentions = self._would_keep(cart, order)
        named = {self.people.of_event(event) for event in mentions} - {None}
        if not named:
            named = {self.people.of_visitors(_visitors(mentions), cart.begun_at)} - {None}
        phones = {event.phone for event in mentions if event.phone}
        for person in named:
            phones |= self.people.phones(person) if person else set()
        return bool(named & order.buyers or phones & order.phones)

    def _would_keep(self, cart: Cart, order: Order) -> list[Event]:
        return self._mentions(self._if_ended(cart, order), self.people)

    def _if_ended(self, cart: Cart, order: Order) -> Cart:
        """The cart as this order would leave it: a refill later on would begin the next one."""
        refills = [
            event.at
            for event in self.people.events
            if event.token == cart.token and event.items and event.at > order.at
        ]
        until = cart.mentions_before or min(refills, default=None)
        return replace(cart, mentions_before=until, ending=Ending(order, "closed", by_name=True))


def _end(cart: Cart, ending: Ending) -> None:
    cart.state, cart.ending = ending.state, ending


def _newest(carts: list[Cart], state: str) -> Cart | None:
    """By its abandonment, or by its last activity where it is open; then by token."""

    def age(cart: Cart) -> tuple[datetime, str]:
        latest = cart.abandoned_at[-1] if state == "abandoned" else cart.left_at
        return latest or cart.begun_at, cart.token

    return max((cart for cart in carts if cart.state == state), key=age, default=None)


def _visitors(mentions: list[Event]) -> set[str]:
    return {event.visitor for event in mentions if event.visitor}
