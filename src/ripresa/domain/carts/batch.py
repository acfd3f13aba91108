"""What a batch of store events says about carts and orders, before the database is asked. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from ripresa.contracts.events import CartBlock, EventType, StoreEvent
from ripresa.contracts.keys import order_keys
from ripresa.core.money import parse_minor
from ripresa.domain.carts.rules import Activity, ActivityKind, Contents, Line, Token

KINDS = {
    EventType.CART_UPDATED: ActivityKind.UPDATED,
    EventType.CART_EMPTIED: ActivityKind.EMPTIED,
    EventType.CHECKOUT_STARTED: ActivityKind.STARTED,
    EventType.CHECKOUT_LEFT: ActivityKind.LEFT,
}


@dataclass(frozen=True, slots=True)
class OrderClaim:
    """What the events of a batch say about one order; `content_at` None: only a cancellation or refund."""

    source: str
    external_id: str
    keys: frozenset[str] = frozenset()
    person_key: str | None = None
    number: str = ""
    currency: str | None = None
    total_minor: int = 0
    discount_minor: int | None = None
    tax_minor: int | None = None
    shipping_minor: int | None = None
    discount_codes: tuple[str, ...] = ()
    origin: str = "web"
    is_test: bool = False
    placed_at: datetime | None = None
    content_at: datetime | None = None
    content_event: str = ""
    cancelled_at: datetime | None = None

    def joined(self, other: "OrderClaim") -> "OrderClaim":
        """Both in one: contents of the later event, the earliest instants, all keys."""
        later, earlier = (self, other) if self.rank() >= other.rank() else (other, self)
        return replace(
            later,
            keys=self.keys | other.keys,
            person_key=later.person_key or earlier.person_key,
            placed_at=_earliest(self.placed_at, other.placed_at),
            cancelled_at=_earliest(self.cancelled_at, other.cancelled_at),
        )

    def rank(self) -> tuple[float, str]:
        """By what the later of two claims is told."""
        at = self.content_at
        return (-1.0 if at is None else at.timestamp(), self.content_event)


@dataclass(frozen=True, slots=True)
class RefundClaim:
    """Money given back."""

    source: str
    external_id: str
    order_external_id: str
    amount_minor: int
    currency: str
    occurred_at: datetime


@dataclass(slots=True)
class CartBatch:
    """Everything that a batch says about carts and orders.

    `moved_orders`: when orders were thought to be placed that are now known to be placed at another instant.
    """

    activities: list[Activity] = field(default_factory=list)
    orders: dict[tuple[str, str], OrderClaim] = field(default_factory=dict)
    refunds: dict[tuple[str, str, str], RefundClaim] = field(default_factory=dict)
    moved_orders: list[datetime] = field(default_factory=list)

    def add(self, event: StoreEvent, *, source: str, person_key: str | None, trusted: bool) -> None:
        """Take one event; `person_key` is the person it named, if any. Not `trusted`: a page said it."""
        if (kind := KINDS.get(event.type)) is not None and event.cart is not None:
            self.activities.append(_activity(event, event.cart, kind, source, trusted=trusted))
        elif event.type == EventType.ORDER_PLACED and event.order is not None:
            self._put(_order(event, source, person_key))
        elif event.type == EventType.ORDER_CANCELLED and event.order is not None:
            self._put(OrderClaim(source, event.order.id, cancelled_at=event.occurred_at))
        elif event.type == EventType.ORDER_REFUNDED and (refund := event.refund) is not None:
            self._put(OrderClaim(source, refund.order_id))
            self._put_refund(
                RefundClaim(
                    source,
                    refund.id,
                    refund.order_id,
                    parse_minor(refund.amount, refund.currency),
                    refund.currency,
                    event.occurred_at,
                )
            )

    def _put_refund(self, refund: RefundClaim) -> None:
        at = (refund.source, refund.order_external_id, refund.external_id)
        known = self.refunds.get(at, refund)
        self.refunds[at] = max(known, refund, key=lambda one: (one.occurred_at, one.amount_minor))

    def _put(self, claim: OrderClaim) -> None:
        at = (claim.source, claim.external_id)
        known = self.orders.get(at)
        self.orders[at] = claim if known is None else known.joined(claim)


def _earliest(left: datetime | None, right: datetime | None) -> datetime | None:
    return min((instant for instant in (left, right) if instant is not None), default=None)


def _activity(
    event: StoreEvent, cart: CartBlock, kind: ActivityKind, source: str, *, trusted: bool
) -> Activity:
    token: Token = (source, cart.token or "")
    return Activity(
        token=token,
        at=event.occurred_at,
        event_id=event.id,
        kind=kind,
        contents=_contents(cart) if kind is ActivityKind.UPDATED else None,
        checkout_id=cart.checkout_id,
        restore_url=cart.restore_url,
        visitor_id=event.visitor_id,
        user_agent=event.user_agent,
        restored_from=cart.restored_from,
        by_page=not trusted,
    )


def _contents(cart: CartBlock) -> Contents:
    currency = cart.currency or ""
    lines = tuple(
        Line(
            product=item.product_id or item.sku or item.title or "",
            variant=item.variant or "",
            quantity=item.quantity,
            unit_minor=parse_minor(item.unit_price, currency) if item.unit_price else 0,
            title=item.title or "",
            url=item.url or "",
            image_url=item.image_url or "",
            categories=tuple(item.categories or ()),
            sku=item.sku or "",
            variant_id=item.variant_id or "",
        )
        for item in cart.items or ()
    )
    total = (
        parse_minor(cart.total, currency)
        if cart.total is not None
        else sum(line.unit_minor * line.quantity for line in lines)
    )
    return Contents(currency, total, lines)


def _order(event: StoreEvent, source: str, person_key: str | None) -> OrderClaim:
    order = event.order
    if order is None or order.currency is None or order.total is None:
        raise ValueError(f"event {event.id}: order.placed without an order, currency or total")

    def minor(text: str | None) -> int | None:
        return None if text is None else parse_minor(text, order.currency or "")

    return OrderClaim(
        source=source,
        external_id=order.id,
        keys=frozenset(order_keys(event)),
        person_key=person_key,
        number=order.number or "",
        currency=order.currency,
        total_minor=parse_minor(order.total, order.currency),
        discount_minor=minor(order.discount_total),
        tax_minor=minor(order.tax_total),
        shipping_minor=minor(order.shipping_total),
        discount_codes=tuple(order.discount_codes or ()),
        origin=order.origin or "web",
        is_test=bool(order.test),
        placed_at=event.occurred_at,
        content_at=event.occurred_at,
        content_event=event.id,
    )


class StoredActivity(msgspec.Struct, omit_defaults=True):
    """What of an activity is kept in `cart_activity.payload`."""

    contents: Contents | None = None
    checkout_id: str | None = None
    restore_url: str | None = None
    visitor_id: str | None = None
    user_agent: str | None = None
    restored_from: str | None = None
    by_page: bool = False


def pack(activity: Activity) -> str:
    """The payload of a stored activity."""
    return msgspec.json.encode(
        StoredActivity(
            activity.contents,
            activity.checkout_id,
            activity.restore_url,
            activity.visitor_id,
            activity.user_agent,
            activity.restored_from,
            activity.by_page,
        )
    ).decode()


def unpack(token: Token, at: datetime, event_id: str, kind: str, payload: str) -> Activity:
    """A stored activity as it was."""
    kept = msgspec.json.decode(payload, type=StoredActivity)
    return Activity(
        token=token,
        at=at,
        event_id=event_id,
        kind=ActivityKind(kind),
        contents=kept.contents,
        checkout_id=kept.checkout_id,
        restore_url=kept.restore_url,
        visitor_id=kept.visitor_id,
        user_agent=kept.user_agent,
        restored_from=kept.restored_from,
        by_page=kept.by_page,
    )
