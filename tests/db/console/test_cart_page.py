"""One cart: items, buyer, abandonments, order, messages with their fate, and why everything was so."""

from datetime import timedelta

from django.urls import reverse
from msgspec import to_builtins
from msgspec.structs import replace

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.connections.models import Connection
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from tests.db.console.pages import part, text_of
from tests.rows import (
    DAY,
    HOUR,
    T0,
    make_abandonment,
    make_cart,
    make_message,
    make_plan,
    make_recovery,
)
from tests.worlds.connections import connection_of


def page_of(client, cart: Cart):
    return client.get(reverse("cart", args=["wines", cart.id]))


def test_shows_items_value_buyer_and_keys(world, ada):
    answer = page_of(ada, world.ben_recovered)
    items = part(answer, "Items")
    assert "Barolo 0,75 l W-BAR 2 €29.90" in items
    assert "Total 3 €79.70" in items
    assert "ben@mail.test" in part(answer, "Buyer")
    assert reverse("customer", args=["wines", world.ben.id]) in answer.content.decode()
    assert world.ben_recovered.token in part(answer, "Keys")


def test_shows_pictures_of_products_as_our_own_copies(world, ada):
    """Nobody's browser asks the shop's host; what has no picture has none here."""
    first, *others = world.ben_cart.items
    shown = {**first, "image_url": "https://wines.test/barolo.jpg"}
    Cart.objects.filter(id=world.ben_cart.id).update(items=[shown, *others])
    page = page_of(ada, world.ben_cart).content.decode()
    assert page.count('class="product-thumb" src="/p/') == 1
    assert "barolo.jpg" not in page
    listed = ada.get(reverse("carts", args=["wines"])).content.decode()
    assert listed.count('class="line-thumb" src="/p/') == 1
    assert "barolo.jpg" not in listed
    for odd in ("javascript:alert(1)", "/barolo.jpg", ""):
        Cart.objects.filter(id=world.ben_cart.id).update(items=[{**first, "image_url": odd}])
        assert "product-thumb" not in page_of(ada, world.ben_cart).content.decode()


def test_says_what_the_shop_cannot_do_where_it_may_be_missed(world, ada):
    assert "What the shop can’t do" not in text_of(page_of(ada, world.ben_cart))
    Connection.objects.filter(id=connection_of(world).id).update(platform="medusa")
    limits = part(page_of(ada, world.ben_cart), "What the shop can’t do")
    assert "enoteca Medusa 2" in limits
    assert "Its webhooks can’t be made from here" in limits
    assert "It can’t make coupons" not in limits


def test_shows_the_order_and_what_brought_it_back(world, ada):
    order = part(page_of(ada, world.ben_recovered), "Order #1012")
    assert "Total €98.20" in order
    assert "Refunded €8.20" in order
    assert "Came back by By itself" in order


def test_tells_the_whole_story_in_order(world, ada):
    story = part(page_of(ada, world.ben_recovered), "What happened, and why")
    told = ["Cart begun", "Checkout left behind", "Sent: Message 1 · E-mail · Left in the cart",
            "It was due, and every check allowed it.", "Order #1012 placed", "The cart is recovered.",
            "Cancelled: Message 2 · E-mail · Left in the cart", "The person ordered."]  # fmt: skip
    places = [story.index(each) for each in told]
    assert places == sorted(places)


def test_what_is_ahead_comes_last(world, ada):
    story = part(page_of(ada, world.ben_cart), "What happened, and why")
    assert story.index("Cart left behind") < story.index(
        "Planned: Message 1 · E-mail · Left in the cart"
    )
    assert "today 17:00 Planned: Message 1" in story  # 16:00 UTC, in Rome


def test_steps_are_called_as_in_the_version_the_recovery_runs_on(world, ada):
    """The shop published another plan since: what is under way keeps its numbers."""
    plan = make_plan()
    kept = replace(plan.branches[0], steps=plan.branches[0].steps[1:])
    newer = ScenarioVersion.objects.create(
        shop=world.shop, id=new_id(T0), scenario_id=world.scenario.id, number=2, text="",
        plan=to_builtins(replace(plan, branches=(kept,))), created_at=T0,
    )  # fmt: skip
    Scenario.objects.filter(id=world.scenario.id).update(version_id=newer.id)
    assert "Message 1 · E-mail" in part(page_of(ada, world.ben_cart), "Messages")


def test_a_hold_says_until_when(world, ada):
    message = Message.objects.get(cart_id=world.ben_cart.id, step="first")
    Decision.objects.create(
        shop=world.shop, id=message.id, at=T0, origin_kind="recovery", origin_id=message.origin_id,
        message_id=message.id, step="first", channel="email", outcome="held", reason="quiet_hours",
        facts={"until": (T0 + 16 * HOUR).isoformat()},
    )  # fmt: skip
    Message.objects.filter(id=message.id).update(reason="quiet_hours")
    answer = page_of(ada, world.ben_cart)
    story = part(answer, "What happened, and why")
    assert "Quiet hours at the recipient's place. Until 21 Nov, 08:00." in story
    assert "Quiet hours at the recipient's place." in part(answer, "Messages")


def test_a_recovery_skipped_as_a_whole_says_why(world, ada):
    cart = make_cart(world.shop, world.ben, left_at=T0 - 2 * DAY)
    make_recovery(world.scenario, cart, "skipped", reason="before_activation")
    story = part(page_of(ada, cart), "What happened, and why")
    assert "Left in the cart Abandoned before the scenario first went live." in story


def test_a_recovery_that_waits_says_until_when(world, ada):
    cart = make_cart(world.shop, world.ben, left_at=T0 - 2 * HOUR)
    make_recovery(world.scenario, cart, "waiting")
    assert "Left in the cart takes the cart up" in text_of(page_of(ada, cart))


def test_every_fate_of_a_message_is_said(world, ada):
    cart = make_cart(world.shop, world.cleo, left_at=T0 - 3 * DAY)
    run = make_recovery(world.scenario, cart)
    make_message(run, 1, "failed", T0 - DAY, "refused")
    Message.objects.filter(origin_id=run.id).update(receipt="550 5.1.1 no such user")
    make_message(run, 2, "unknown", T0 - HOUR, "unknown")
    make_message(run, 3, "skipped", T0 - HOUR, "no_consent")
    messages = part(page_of(ada, cart), "Messages")
    for text in ("Failed", "The provider refused it for good.", "550 5.1.1 no such user", "Unknown",
                 "Nobody can tell whether it arrived", "Not sent", "No consent for this channel."):  # fmt: skip
        assert text in messages


def test_every_abandonment_keeps_its_own_date_and_value(world, ada):
    make_abandonment(world.ben_cart, T0 - timedelta(minutes=1))
    abandonments = part(page_of(ada, world.ben_cart), "Abandonments")
    assert abandonments.count("1 × Amarone") == 2
    assert "today 15:59 · Cart" in abandonments


def test_a_cancelled_order_turns_the_cart_grey_again(world, ada):
    Order.objects.filter(id=world.ben_order.id).update(cancelled_at=T0 - DAY)
    Cart.objects.filter(id=world.ben_recovered.id).update(state="abandoned")
    answer = page_of(ada, world.ben_recovered)
    assert '<span class="state state-grey">Abandoned</span>' in answer.content.decode()
    assert "Order cancelled" in part(answer, "What happened, and why")


def test_a_cart_of_nobody_and_an_emptied_one(world, ada):
    cart = make_cart(
        world.shop, None, left_at=T0 - HOUR, state="emptied", abandoned_at=T0 - 5 * HOUR,
        items=[{"quantity": 0, "unit_minor": 0}],
    )  # fmt: skip
    Cart.objects.filter(id=cart.id).update(items=[], total_minor=0, currency="")
    text = text_of(page_of(ada, cart))
    assert "Nobody reachable is known behind this cart." in text
    assert "The cart is empty now." in text
    assert "Cart emptied" in text
