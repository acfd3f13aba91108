"""Sales told as they go: events through the fold, the clock, and a deal about a cart left behind."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.carts.models import Cart
from ripresa.domain.coupons.models import CouponIssue, CouponPool
from ripresa.domain.deals.models import Deal, DealActivity
from ripresa.domain.deals.opening import Wanted, open_deals
from ripresa.domain.messages.models import Message, MessageLink
from ripresa.domain.shops.models import Shop
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.agents import work_on_deal
from ripresa.usecases.fold_events import fold_shop
from tests.db.usecases.fold_tables import arrive

NINE = datetime(2026, 10, 3, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ITEM = {"sku": "A1", "title": "Vino", "quantity": 1, "unit_price": "2500.00"}
CLEO = "cleo@shop.test"
ADA = {"email": "ada@people.test"}
_number = itertools.count(1)


@dataclass
class Sale:
    """One shop, from nine o'clock on."""

    shop: Shop
    now: datetime = NINE

    def tell(self, *events) -> None:
        """Events arrive and are folded, in one batch."""
        told = [
            {"id": f"e{next(_number)}", "occurred_at": self.now.isoformat(), **event}
            for event in events
        ]
        arrive(self.shop, told)
        while fold_shop(shop_id=self.shop.id, now=self.now):
            pass

    def wait(self, time: timedelta = HOUR) -> None:
        self.now += time
        while advance_carts(shop_id=self.shop.id, now=self.now):
            pass

    def leave(self, token: str = "t", contact=None, **more) -> Cart:
        """She fills a cart and leaves it."""
        self.tell(filled(token, contact or ADA, **more))
        self.wait(HOUR + timedelta(minutes=1))
        return self.cart(token)

    def cart(self, token: str = "t") -> Cart:
        return Cart.objects.filter(shop=self.shop, token=token).order_by("-generation")[0]

    def open_deal(self, token: str = "t", stage: str = "check_out_abandoned") -> Deal:
        cart = self.cart(token)
        deal = Wanted(cart.id, cart.contact_id, stage, Money(250_000, "EUR"))
        open_deals(shop_id=self.shop.id, wanted=[deal], now=self.now)
        return self.deal(token)

    def deal(self, token: str = "t") -> Deal:
        """The latest deal about a cart of this token."""
        carts = Cart.objects.filter(shop=self.shop, token=token).values_list("id", flat=True)
        deals = Deal.objects.filter(shop=self.shop, cart_id__in=list(carts))
        return deals.select_related("stage").order_by("-opened_at", "-id")[0]

    def outcome(self, token: str = "t"):
        deal = self.deal(token)
        return deal.stage.key, deal.outcome

    def act(self, name: str, token: str = "t", **values) -> None:
        """Cleo does something with the deal about a cart."""
        operation = getattr(work_on_deal, name)
        deal_id = self.deal(token).id
        operation(shop_id=self.shop.id, deal_id=deal_id, who=CLEO, now=self.now, **values)

    def kinds(self, token: str = "t") -> list[str]:
        log = DealActivity.objects.filter(shop=self.shop, deal_id=self.deal(token).id)
        return list(log.order_by("at", "id").values_list("kind", flat=True))

    def send(self, token: str = "t", coupon: str = "") -> Message:
        """A mail about the cart leaves, with a coupon or without."""
        cart = self.cart(token)
        message = Message.objects.create(
            shop=self.shop, id=new_id(self.now), origin_kind="recovery", origin_id=new_id(self.now),
            step="first", step_number=1, channel="email", contact_id=cart.contact_id, cart_id=cart.id,
            template="reminder", state="sent", planned_for=self.now, handed_over_at=self.now,
            departed_at=self.now, settled_at=self.now,
        )  # fmt: skip
        if coupon:
            pool = CouponPool.objects.create(
                shop=self.shop, id=message.id, name=coupon, kind="static", code=coupon,
                created_at=self.now,
            )  # fmt: skip
            CouponIssue.objects.create(
                shop=self.shop, id=message.id, pool_id=pool.id, code=coupon, contact_id=cart.contact_id,
                origin_kind="recovery", origin_id=message.origin_id, step="first",
                reserved_at=self.now, sent_at=self.now,
            )  # fmt: skip
        return message

    def follow_link(self, token: str = "t") -> Message:
        """She follows the restore link of a mail about the cart."""
        message = self.send(token)
        MessageLink.objects.create(
            shop=self.shop, token_hash=message.id.bytes, purpose="restore", message_id=message.id,
            expires_at=self.now + HOUR, used_at=self.now,
        )  # fmt: skip
        return message


def begin() -> Sale:
    return Sale(Shop.objects.create(slug=f"sale{next(_number)}", name="Ada", created_at=NINE))


def filled(token: str, contact=None, **more):
    body = {"token": token, "currency": "EUR", "items": [ITEM], **more}
    return {"type": "cart.updated", "cart": body} | ({"contact": contact} if contact else {})


def emptied(token: str):
    return {"type": "cart.emptied", "cart": {"token": token}}


def ordered(number: str = "o1", contact=None, **named):
    body = {"id": number, "currency": "EUR", "total": "2500.00", **named}
    return {"type": "order.placed", "order": body} | ({"contact": contact} if contact else {})


def cancelled(number: str = "o1"):
    return {"type": "order.cancelled", "order": {"id": number}}
