"""A shop with carts that were left, and campaigns over them."""

from datetime import datetime, timedelta

from ripresa.core.ids import new_id
from ripresa.domain.campaigns.models import Campaign, CampaignRecipient
from ripresa.domain.carts.models import Abandonment, Cart
from ripresa.domain.messages.models import Message
from ripresa.usecases.campaigns.keep import keep_campaign
from ripresa.usecases.campaigns.life import start
from tests.db.usecases.engine_world import DAY, World

LEFT = "{when: {abandonment: {state: not_recovered}}}"
MINUTE = timedelta(minutes=1)
ADDRESS = {
    "name": "Ada Rossi", "lines": ["Via Roma 1"], "postal_code": "00184", "city": "Roma", "country": "IT",
}  # fmt: skip


def campaign(
    world: World,
    name: str = "Letter",
    *,
    about: str = "abandoned_cart",
    audience: str = LEFT,
    message: str = "{send: [email], template: reminder}",
    more: str = "",
    begin: bool = True,
) -> Campaign:
    """A campaign of that file, started unless `begin` says otherwise."""
    text = (
        f"version: 1\nname: {name}\nabout: {about}\naudience: {audience}\nmessage: {message}\n"
        f"legal_basis: consent\n{more}\n"
    )
    stored = keep_campaign(
        shop_id=world.shop_id, text=text, file_name="campaign.yaml", now=world.now
    )
    if begin:
        start(stored.campaign, now=world.now)
    return fresh(stored.campaign)


def fresh(one: Campaign) -> Campaign:
    return Campaign.objects.get(shop_id=one.shop_id, id=one.id)


def left_behind(world: World, name: str = "ada", *, ago: timedelta = 2 * DAY, **values) -> Cart:
    """Somebody who left a cart, and the cart."""
    contact = values.pop("contact", None) or world.contact(
        name, consent_sms="granted", consent_letter="granted", **values
    )
    left = world.now - ago
    cart = world.cart(contact, state="abandoned", left_at=left, abandoned_at=left, due_at=None)
    Abandonment.objects.create(
        shop_id=world.shop_id, id=new_id(left), cart_id=cart.id, abandoned_at=left, left_at=left,
        kind="cart", currency="EUR", total_minor=cart.total_minor, item_count=cart.item_count,
        items=cart.items,
    )  # fmt: skip
    return cart


def recovered(world: World, cart: Cart, at: datetime | None = None) -> Cart:
    """She bought it after all."""
    order = world.order(cart.contact, placed_at=at or world.now - DAY)
    Cart.objects.filter(shop_id=cart.shop_id, id=cart.id).update(
        state="recovered", order_id=order.id, ended_at=order.placed_at
    )
    return Cart.objects.get(shop_id=cart.shop_id, id=cart.id)


def messages_of(one: Campaign) -> list[Message]:
    ids = CampaignRecipient.objects.filter(shop_id=one.shop_id, campaign_id=one.id)
    found = Message.objects.filter(
        shop_id=one.shop_id, origin_kind="campaign", origin_id__in=ids.values("id")
    )
    return list(found.order_by("channel", "id"))


def fates(one: Campaign) -> list[tuple[str, str | None]]:
    return sorted((each.state, each.reason) for each in messages_of(one))


def customers(world: World) -> list[str]:
    """Who got a mail, the shop's owner apart."""
    return sorted(one for one in world.channel.recipients if one != world.shop.owner_email)
