"""Shapes that more than one part of the API shows: items, orders, abandonments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from ripresa.api.protocol.values import Amount
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.carts.queries import counts


class Item(BaseModel):
    """One line of a cart. Of what the shop never told, the text is empty."""

    product: str
    variant: str
    sku: str
    title: str
    quantity: int
    unit_price: Amount | None
    url: str
    image_url: str
    categories: list[str]

    @classmethod
    def of(cls, line: dict[str, Any], currency: str) -> "Item":
        """A line as the cart keeps it."""
        texts = {
            name: str(line.get(name) or "")
            for name in ("product", "variant", "sku", "title", "url", "image_url")
        }
        return cls(
            **texts,
            quantity=line.get("quantity", 0),
            unit_price=Amount.of(line.get("unit_minor"), currency),
            categories=list(line.get("categories") or ()),
        )


class OrderShape(BaseModel):
    """A placed purchase. `counts`: it is in the figures (no test, not cancelled, from the storefront)."""

    id: UUID
    number: str
    external_id: str
    source: str
    origin: str
    placed_at: datetime | None
    cancelled_at: datetime | None
    total: Amount | None
    refunded: Amount | None
    discount_codes: list[str]
    is_test: bool
    counts: bool

    @classmethod
    def of(cls, order: Order) -> "OrderShape":
        """The same, as it travels."""
        return cls(
            id=order.id,
            number=order.number,
            external_id=order.external_id,
            source=order.source,
            origin=order.origin,
            placed_at=order.placed_at,
            cancelled_at=order.cancelled_at,
            total=Amount.of(order.total_minor, order.currency),
            refunded=Amount.of(order.refunded_minor, order.currency),
            discount_codes=list(order.discount_codes),
            is_test=order.is_test,
            counts=counts(order),
        )


class AbandonmentShape(BaseModel):
    """A cart left behind, as it was. `cart_state`: what became of the cart since."""

    id: UUID
    cart_id: UUID
    cart_state: str
    abandoned_at: datetime
    left_at: datetime
    kind: str
    value: Amount | None
    item_count: int
    items: list[Item]

    @classmethod
    def of(cls, abandonment: Abandonment, cart: Cart) -> "AbandonmentShape":
        """The same, as it travels."""
        currency = abandonment.currency
        return cls(
            id=abandonment.id,
            cart_id=abandonment.cart_id,
            cart_state=cart.state,
            abandoned_at=abandonment.abandoned_at,
            left_at=abandonment.left_at,
            kind=abandonment.kind,
            value=Amount.of(abandonment.total_minor, currency),
            item_count=abandonment.item_count,
            items=[Item.of(line, currency) for line in abandonment.items],
        )
