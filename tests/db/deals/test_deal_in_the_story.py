"""What was done with a deal stands in the story of its cart, where it happened (SCN-15)."""

import pytest

from ripresa.api.shapes.trail import Trail
from ripresa.console.carts.story import in_words
from ripresa.domain.deals.models import Stage
from ripresa.usecases.carts.tell_cart import Kind, tell_cart
from tests.db.deals.sale import HOUR, begin, ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    sale = begin()
    sale.leave()
    sale.open_deal()
    acts = [
        ("take_over", {"instead_of": None}),
        ("note", {"text": "She wants it in red."}),
        ("snooze", {"until": sale.now + 24 * HOUR}),
        ("snooze", {"until": None}),
        ("log_call", {"at": sale.now, "text": "Spoke with her."}),
        ("log_reply", {"at": sale.now + HOUR, "text": ""}),
        ("move", {"from_stage": "check_out_abandoned", "to_stage": "in_talks"}),
    ]
    for name, values in acts:
        sale.now += HOUR
        sale.act(name, **values)
    sale.now += HOUR
    sale.tell(ordered(cart_token="t"))
    return tell_cart(shop_id=sale.shop.id, cart_id=sale.cart().id)


def test_it_is_told_in_words_and_in_order(story):
    told = [(one.title, one.detail) for one in in_words(story)]
    assert told[:2] == [("Cart begun", ""), ("Cart left behind", "€2,500.00")]
    assert ("Deal opened in Check out abandoned", "The scenario") in told[2:4]
    assert ("Agent's call", "cleo@shop.test: Spoke with her.") in told[2:4]  # told later, made then
    titles = [title for title, _ in told]
    assert [title for title in titles if title.startswith("Deal ")][1:] == [
        "Deal taken over", "Deal snoozed", "Deal woken", "Deal moved to In talks", "Deal won: Confirmed",
    ]  # fmt: skip
    assert ("Note on the deal", "cleo@shop.test: She wants it in red.") in told
    assert "The person answered the agent" in titles


def test_a_stage_is_called_what_the_shop_calls_it(story):
    Stage.objects.filter(shop_id=story.cart.shop_id, key="in_talks").update(name="Al telefono")
    again = tell_cart(shop_id=story.cart.shop_id, cart_id=story.cart.id)
    titles = [one.title for one in in_words(again)]
    assert "Deal moved to Al telefono" in titles
    assert "Deal opened in Check out abandoned" in titles


def test_it_travels_with_who_and_what(story):
    chapters = [one for one in Trail.of(story).chapters if one.kind == Kind.DEAL]
    done = [(one.deal.kind, one.deal.who) for one in chapters]
    assert done[0] == ("opened", "scenario")
    assert done[-1] == ("won", "order")
    assert {who for _, who in done[1:-1]} == {"cleo@shop.test"}
