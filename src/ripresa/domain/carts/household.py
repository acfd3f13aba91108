"""How events become carts: a pure function of what happened, in any order of arrival.

A household (people and tokens that share a key) plays its events in the order in which they
happened, one small state machine a token. Folding a new event into a stored cart and folding
everything again are the same code: a household may start from stored carts.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ripresa.domain.carts.rules import (
    Activity,
    CartFold,
    CartState,
    Clockwork,
    Company,
    Purchase,
    Register,
    Token,
)

# A page's word restores a cart on so many devices: whoever makes up more would tie strangers together.
MOST_DEVICES = 8


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
        self._restored = Restorations()
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
        self._note(event.token, event.checkout_id)
        self._restored.hear(event)
        if event.restored_from is not None:
            self._restore((event.token[0], event.restored_from), event)
        current = self._present(event.token)
        if current is not None and current.is_ended:
            if not _begins_anew(event, current):
                # It counts for nothing, unless something that happened before it is told later.
                current.newest = (event.at, event.event_id)
                return
            current = self._left_alone(event)
        if current is None:
            current = self._begin(event.token, event)
        self._lapse(current, event.at)
        current.apply(event)

    def _present(self, token: Token) -> CartFold | None:
        """The cart that a token stands for at present: its own, or the one restored under it."""
        if (restored := self._restored.cart_of(token)) is not None:
            return restored
        generations = self.carts.get(token)
        return generations[-1] if generations else None

    def _left_alone(self, event: Activity) -> CartFold | None:
        """What a token holds after the order that ended its cart; None: its next cart is yet to begin.

        Whatever was restored under it is over, so from now on it stands for itself.
        """
        cart = self._present(event.token) if self._restored.end(event) else None
        return None if cart is None or cart.is_ended else cart

    def _begin(self, token: Token, event: Activity) -> CartFold:
        generations = self.carts.setdefault(token, [])
        cart = CartFold(
            token=token,
            generation=generations[-1].generation + 1 if generations else 1,
            begun_at=event.at,
            left_at=event.at,
            newest=(event.at, event.event_id),
        )
        generations.append(cart)
        return cart

    def _restore(self, origin: Token, event: Activity) -> None:
        """The cart of `origin` goes on under the token of `event`, until an order ends it (CUS-1)."""
        cart, own = self._present(origin), self._present(event.token)
        if self._restored.may_begin(cart, own, event):
            if own is not None:
                self._lapse(own, event.at)
            self._restored.begin(cart or self._begin(origin, event), own, event)
            self._note(origin, None)

    def _order(self, order: Purchase) -> None:
        tokens = {token for name in order.tokens for token in self._tokens.get(name, ())}
        by_token = [self._present(token) for token in sorted(tokens)]
        named = [
            cart
            for cart in self._candidates(order)
            if any(cart is one for one in by_token) or self._names_checkout(order, cart)
        ]
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
        tokens = tokens.union(*(self._restored.ever_under(token) for token in tokens))
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

    def _names_checkout(self, order: Purchase, cart: CartFold) -> bool:
        if cart.checkout_id in order.checkouts:
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
        named = self._company.get(cart.token, Company()).before(self._refilled(cart.token, order))
        for stay in cart.stays:
            company = self._register.company(stay.token, stay)
            named |= company.before(self._refilled(stay.token, order))
        return named

    def _refilled(self, token: Token, order: Purchase) -> datetime | None:
        fills = self._fills.get(token, [])
        place = bisect_right(fills, order.at)
        return fills[place] if place < len(fills) else None


class Restorations:
    """Which cart a token stands for in place of its own: one restored on another device (CUS-1)."""

    def __init__(self) -> None:
        self._present: dict[Token, CartFold] = {}
        self._by_page: set[Token] = set()
        self._ever: dict[Token, set[Token]] = defaultdict(set)

    def cart_of(self, token: Token) -> CartFold | None:
        """The cart that was restored under a token and goes on there."""
        return self._present.get(token)

    def ever_under(self, token: Token) -> set[Token]:
        """The own tokens of all carts that ever went on under this one."""
        return self._ever.get(token, set())

    def may_begin(self, cart: CartFold | None, own: CartFold | None, event: Activity) -> bool:
        """Whether `cart`, which may be yet to be told of, goes on under the token of `event`, now `own`'s.

        The key of a page is public: its word carries nothing off that the shop's own systems tell.
        """
        if cart is not None and (cart is own or cart.is_ended):
            return False
        if not event.by_page:
            return True
        if event.token in self._present:
            is_shops = event.token not in self._by_page
        else:
            is_shops = own is not None and own.is_told_by_shop and not own.is_ended
        return not is_shops and (cart is None or len(cart.stays) < MOST_DEVICES)

    def begin(self, cart: CartFold, own: CartFold | None, event: Activity) -> None:
        """`cart` goes on under the token of `event`; what that held gives way unless it goes on elsewhere."""
        was_own = not self.end(event)
        elsewhere = any(other is own for other in self._present.values())
        if was_own and own is not None and not own.is_ended and not elsewhere:
            own.give_way(event.at)
        self._present[event.token] = cart
        self._ever[event.token].add(cart.token)
        if event.by_page:
            self._by_page.add(event.token)
        cart.go_on_under(event.token, event.at)

    def end(self, event: Activity) -> bool:
        """From this event on its token stands for itself again; whether it did not before."""
        self._by_page.discard(event.token)
        cart = self._present.pop(event.token, None)
        if cart is not None:
            cart.part_from(event.token, event.at)
        return cart is not None

    def hear(self, event: Activity) -> None:
        """What the shop's own systems tell of a token is its own cart, whatever a page said before."""
        if not event.by_page and event.token in self._by_page:
            self.end(event)


def _begins_anew(event: Activity, ended: CartFold) -> bool:
    """After an order only items begin a new cart: shops empty the old one, and echo it.

    The same items under the same checkout id are such an echo: a checkout completes once.
    """
    if event.contents is None or not event.contents.lines:
        return False
    is_same_checkout = event.checkout_id is not None and event.checkout_id == ended.checkout_id
    return not is_same_checkout or event.contents.differs_from(ended.contents)


def _tagged(order: Purchase) -> list[object]:
    """The order's phones and check-outs, as a company names them."""
    tagged: list[object] = [("phone", phone) for phone in order.phones]
    return tagged + [("checkout", checkout) for checkout in order.checkouts]


def _newest(carts: list[CartFold]) -> list[CartFold]:
    """The newest abandoned one, or, if none is, the newest open one (CAP-6)."""
    abandoned = [cart for cart in carts if cart.state is CartState.ABANDONED]
    if abandoned:
        return [max(abandoned, key=lambda cart: (cart.abandonments[-1].at, cart.token))]
    return [max(carts, key=lambda cart: (cart.left_at, cart.token))] if carts else []
