"""A shop with people who left carts behind, straight in the tables; deals about them, and their log."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.domain.deals.assigning import add_agents
from ripresa.domain.deals.models import DealActivity
from ripresa.domain.deals.opening import OpenDeal, Wanted, open_deals
from ripresa.domain.shops.models import Shop

T0 = datetime(2026, 10, 3, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STAGE = "check_out_abandoned"
_number = itertools.count(1)


@dataclass
class World:
    """One shop; `now` goes on by hand."""

    shop: Shop
    now: datetime = T0

    @property
    def shop_id(self) -> int:
        return self.shop.id

    def contact(self, name: str = "ada", **values) -> Contact:
        email = f"{name}@example.test"
        contact = Contact.objects.create(
            shop=self.shop, id=new_id(self.now), created_at=self.now, email=email, **values
        )
        ContactKey.objects.create(shop=self.shop, key=f"email:{email}", contact_id=contact.id)
        return contact


def make_world() -> World:
    return World(Shop.objects.create(slug=f"sales-{next(_number)}", name="Bottega", created_at=T0))


def left_cart(world: World, contact: Contact) -> Cart:
    """A cart that was found abandoned now."""
    return Cart.objects.create(
        shop=world.shop, id=new_id(world.now), source="shop", token=f"w_cart_{next(_number)}",
        generation=1, contact_id=contact.id, state="abandoned", kind="cart", currency="EUR",
        total_minor=200_000, item_count=1, items=[], is_bot=False, is_test=False,
        begun_at=world.now, left_at=world.now, newest_at=world.now, newest_event="e",
        abandoned_at=world.now,
    )  # fmt: skip


def wanted(cart: Cart, stage: str = STAGE, **values) -> Wanted:
    assert cart.contact_id is not None
    return Wanted(cart.id, cart.contact_id, stage, Money(200_000, "EUR"), **values)


def open_one(world: World, cart: Cart, stage: str = STAGE, **values) -> OpenDeal | None:
    one = wanted(cart, stage, **values)
    return open_deals(shop_id=world.shop_id, wanted=[one], now=world.now).get(cart.id)


def add_agent(world: World, email: str, name: str = ""):
    return add_agents(shop_id=world.shop_id, names={email: name}, now=world.now)[email]


def log_of(world: World):
    rows = DealActivity.objects.filter(shop_id=world.shop_id).order_by("at", "id")
    return list(rows.values_list("kind", "who", "from_stage", "to_stage"))
