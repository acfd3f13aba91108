"""Ada's customers as rows: who was written to, what she did with it, and what she bought."""

from datetime import timedelta

from ripresa.contracts.feedback import Feedback, FeedbackKind
from ripresa.core.ids import new_id
from ripresa.domain.attribution import stale
from ripresa.domain.carts.models import Abandonment, Cart
from ripresa.domain.messages.models import Message
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.record_feedback import record_feedback
from tests.db.usecases.engine_world import ITEMS, LETTERHEAD

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/130.0"
SCANNER = "Barracuda Sentinel (EE)"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def left(world, person, at, **values):
    """A cart of 59.80 that was left behind at `at`."""
    values = {"state": "abandoned", "currency": "EUR", "total_minor": 5980, **values}
    cart = Cart.objects.create(
        shop_id=world.shop_id, id=new_id(at), source="shop", token=new_id(at).hex, generation=1,
        contact_id=person.id, kind="cart", item_count=2, items=ITEMS, is_bot=False, is_test=False,
        begun_at=at - HOUR, left_at=at, newest_at=at, newest_event="e", abandoned_at=at, **values,
    )  # fmt: skip
    Abandonment.objects.create(
        shop_id=world.shop_id, id=new_id(at), cart_id=cart.id, abandoned_at=at, left_at=at, kind="cart",
        currency=cart.currency, total_minor=cart.total_minor, item_count=2, items=ITEMS,
    )  # fmt: skip
    return cart


def wrote(world, person, at, channel="email", **values):
    """A message that left at `at`, by hand."""
    values = {"origin_kind": "manual", "origin_id": new_id(at), "step": "by_hand", **values}
    return Message.objects.create(
        shop_id=world.shop_id, id=new_id(at), step_number=1, channel=channel, contact_id=person.id,
        template="reminder", state="sent", planned_for=at, handed_over_at=at, departed_at=at,
        settled_at=at, to_address=person.email, **values,
    )  # fmt: skip


def heard(world, message, kind, at, agent=BROWSER):
    """A provider tells of a message, and is judged."""
    told = Feedback(
        FeedbackKind(kind), f"{message.id}-{kind}-{at}", at, LETTERHEAD.message_key(world.shop_id, message.id),
        user_agent=agent, url="https://shop.test/",
    )  # fmt: skip
    record_feedback(
        shop_id=world.shop_id, source=Source("box", message.channel), told=[told],
        letterhead=LETTERHEAD, now=at,
    )  # fmt: skip


def clicked(world, person, at, channel="email", **values):
    """A message that left an hour before she clicked in it."""
    message = wrote(world, person, at - HOUR, channel, **values)
    heard(world, message, "clicked", at)
    return message


def recovered(cart, order, cause="own", message=None):
    """The cart came back by an order."""
    Cart.objects.filter(shop_id=cart.shop_id, id=cart.id).update(
        state="recovered", order_id=order.id, ended_at=order.placed_at, cause=cause,
        cause_message_id=message and message.id,
    )  # fmt: skip


def all_stale(world, *people):
    """The rows were written past the use cases: ask for their figures."""
    stale.mark(shop_id=world.shop_id, now=world.now, contact_ids=[one.id for one in people])
