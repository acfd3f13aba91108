"""Carts: the list with the console's filters, one cart, and its whole story."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ripresa.api.connections import connectors
from ripresa.api.protocol.access import READ, SEND, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_time, by_time, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Amount, Instant, Maybe, Words
from ripresa.api.shapes.purchases import AbandonmentShape, Item, OrderShape
from ripresa.api.shapes.trail import Trail
from ripresa.core.money import Money, NotMoney, parse_minor
from ripresa.domain.carts import queries as carts
from ripresa.domain.carts.models import Cart
from ripresa.domain.carts.queries import CartFilter
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.queries import WENT_OUT
from ripresa.usecases.carts.list_carts import rows_of
from ripresa.usecases.carts.tell_cart import Story, tell_cart
from ripresa.usecases.connected.limits import limits_of_shop

router = Router(tags=["carts"])

State = Literal["open", "abandoned", "recovered", "ordered", "closed", "emptied", "expired"]


class Buyer(BaseModel):
    """Who is behind a cart, as far as a list needs it."""

    id: UUID
    email: str | None
    phone: str | None
    first_name: str | None
    last_name: str | None


class CartSummary(BaseModel):
    """A cart, in a list (RPT-1). `cause`: agent, coupon, link or own, once it is recovered."""

    id: UUID
    source: str
    token: str
    generation: int
    checkout_id: str | None
    state: str
    kind: str
    device: str
    buyer: Buyer | None
    value: Amount | None
    item_count: int
    items: list[Item]
    begun_at: datetime
    left_at: datetime
    abandoned_at: datetime | None
    ended_at: datetime | None
    order_id: UUID | None
    cause: str | None
    messages_sent: int

    @classmethod
    def fields(cls, cart: Cart, buyer: Contact | None, sent: int) -> dict[str, Any]:
        """Its values."""
        names = (
            "id", "source", "token", "generation", "checkout_id", "state", "kind", "device", "item_count",
            "begun_at", "left_at", "abandoned_at", "ended_at", "order_id", "cause",
        )  # fmt: skip
        return {
            **{name: getattr(cart, name) for name in names},
            "buyer": buyer and Buyer(**{name: getattr(buyer, name) for name in Buyer.model_fields}),
            "value": Amount.of(cart.total_minor, cart.currency),
            "items": [Item.of(line, cart.currency) for line in cart.items],
            "messages_sent": sent,
        }


class CartDetail(CartSummary):
    """A cart with what it was each time it was left, and the order that ended it.

    `restore_url` may open a checkout filled in with somebody's data, so it is shown to keys with the scope
    `send` alone; to others it is null.
    """

    restore_url: str | None
    is_test: bool
    is_bot: bool
    abandonments: list[AbandonmentShape]
    order: OrderShape | None

    @classmethod
    def of(cls, story: Story, *, with_url: bool) -> "CartDetail":
        """The same, as it travels."""
        cart = story.cart
        sent = sum(message.state in WENT_OUT for message in story.messages)
        return cls(
            **cls.fields(cart, story.buyer, sent),
            restore_url=cart.restore_url if with_url else None,
            is_test=cart.is_test,
            is_bot=cart.is_bot,
            abandonments=[AbandonmentShape.of(each, cart) for each in story.abandonments],
            order=OrderShape.of(story.order) if story.order else None,
        )


class CartsAsked(Paging):
    """The filters of the console's list, and two more."""

    state: Annotated[list[State], Field(default_factory=list, description="Any of these.")]
    kind: Maybe[Literal["cart", "checkout"]] = None
    left_from: Maybe[Instant] = None
    left_until: Annotated[Maybe[Instant], Field(description="Exclusive.")] = None
    value_from: Annotated[Maybe[Words], Field(description="In the shop's currency: 49.90.")] = None
    buyer: Annotated[Words, Field(description="Words that name, address or number contain.")] = ""
    contact_id: Maybe[UUID] = None

    def filter(self, currency: str) -> CartFilter:
        """As the carts slice understands it. Raises Refused."""
        return CartFilter(
            states=tuple(self.state),
            kind=self.kind,
            left_from=self.left_from,
            left_until=self.left_until,
            value_from=_money(self.value_from, currency),
            buyer=self.buyer,
            contact_id=self.contact_id,
        )


@router.get("/carts", response=Page[CartSummary], auth=READ, operation_id="list_carts")
def list_carts(request: ApiRequest, asked: Query[CartsAsked]) -> Page[CartSummary]:
    """Carts by last activity, newest first; crawlers and test carts are left out."""
    shop = request.shop
    found = carts.list_carts(
        shop.id,
        asked.filter(shop.currency),
        older_than=by_time(request, asked),
        limit=asked.limit + 1,
    )
    rows, following = cut(request, asked, found, lambda row: at_time(row.left_at, row.id))
    items = [
        CartSummary(**CartSummary.fields(row.cart, row.buyer, row.sent))
        for row in rows_of(shop.id, rows)
    ]
    return Page[CartSummary](items=items, next=following)


@router.get("/carts/{cart_id}", response=CartDetail, auth=READ, operation_id="get_cart")
def get_cart(request: ApiRequest, cart_id: UUID) -> CartDetail:
    """One cart, with its abandonments and its order."""
    with_url = SEND.scope in request.auth.scopes
    return CartDetail.of(_story(request, cart_id), with_url=with_url)


@router.get("/carts/{cart_id}/trail", response=Trail, auth=READ, operation_id="explain_cart")
def explain_cart(request: ApiRequest, cart_id: UUID) -> Trail:
    """Everything that happened to a cart, was decided about it and why, and what is planned."""
    limits = limits_of_shop(request.shop.id, connectors())
    return Trail.of(_story(request, cart_id), limits)


def _story(request: ApiRequest, cart_id: UUID) -> Story:
    story = tell_cart(shop_id=request.shop.id, cart_id=cart_id)
    if story is None:
        raise NotFound("cart")
    return story


def _money(text: str | None, currency: str) -> Money | None:
    try:
        return None if text is None else Money(parse_minor(text, currency), currency)
    except NotMoney:
        raise Refused.field("value_from", "an amount looks like 49.90") from None
