"""Deals in the engine's world: carts left behind, deals about them, and their log."""

from ripresa.core.money import Money
from ripresa.domain.carts.models import Cart
from ripresa.domain.deals.assigning import add_agents
from ripresa.domain.deals.models import DealActivity
from ripresa.domain.deals.opening import OpenDeal, Wanted, open_deals
from tests.db.usecases.engine_world import World

STAGE = "check_out_abandoned"


def left_cart(world: World, contact, **values) -> Cart:
    """A cart that was found abandoned now."""
    return world.cart(contact, state="abandoned", abandoned_at=world.now, **values)


def wanted(cart: Cart, stage: str = STAGE, **values) -> Wanted:
    return Wanted(cart.id, cart.contact_id, stage, Money(200_000, "EUR"), **values)


def open_one(world: World, cart: Cart, stage: str = STAGE, **values) -> OpenDeal | None:
    one = wanted(cart, stage, **values)
    return open_deals(shop_id=world.shop_id, wanted=[one], now=world.now).get(cart.id)


def add_agent(world: World, email: str, name: str = ""):
    return add_agents(shop_id=world.shop_id, names={email: name}, now=world.now)[email]


def log_of(world: World):
    rows = DealActivity.objects.filter(shop_id=world.shop_id).order_by("at", "id")
    return list(rows.values_list("kind", "who", "from_stage", "to_stage"))
