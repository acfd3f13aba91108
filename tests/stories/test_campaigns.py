"""The two audiences of CUS-2 and the campaigns they belong to (CMP-2), from the shop's events to what arrives.

Three items worth 89 €, left and not recovered: a letter with a code of her own. A cart recovered after two days: thanks.
"""

from datetime import UTC, datetime, timedelta

import pytest

from ripresa.console.carts.story import in_words
from ripresa.domain.coupons.models import CouponIssue
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.queries import trail_of_cart
from ripresa.usecases.campaigns.keep import keep_campaign
from ripresa.usecases.campaigns.life import start
from ripresa.usecases.carts.tell_cart import tell_cart
from ripresa.usecases.contacts.tell_contact import tell_contact
from ripresa.usecases.fold_events import fold_shop
from tests.db.coupons.pools import add_codes, make_pool
from tests.db.usecases.engine_world import make_world
from tests.db.usecases.fold_tables import arrive

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOME = {
    "name": "Ada Rossi",
    "lines": ["Via Roma 1"],
    "postal_code": "00184",
    "city": "Roma",
    "country": "IT",
}
YES = {"email": "granted", "letter": "granted"}
LETTER = """\
version: 1
name: A letter to those who left
about: abandoned_cart
audience: {when: {abandonment: {state: not_recovered, value: {gte: "89.00"}}}}
message: {send: [letter], template: last_reminder, coupon: {pool: spring, valid_for: 30d}}
budget: {max_cost: "10.00", cost: {letter: "0.95"}}
"""
THANKS = """\
version: 1
name: Thank you
about: thank_you
audience: {when: {abandonment: {state: recovered}}}
schedule: {mode: continuous}
message: {send: [email], template: thank_you}
"""


@pytest.fixture
def world():
    world = make_world(coupon_gap=None)
    world.now = NOW
    return world


def tell(world, *events):
    arrive(world.shop, events)
    while fold_shop(shop_id=world.shop_id, now=world.now):
        pass
    world.run()


def left(token, email, when, *prices):
    items = [
        {"sku": f"A{number}", "title": f"Vino {number}", "quantity": 1, "unit_price": price}
        for number, price in enumerate(prices)
    ]
    return {
        "id": f"{token}-{when}",
        "type": "cart.updated",
        "occurred_at": when.isoformat(),
        "contact": {"email": email, "address": HOME, "consent": YES, "consent_source": "checkout"},
        "cart": {"token": token, "currency": "EUR", "items": items},
    }


def bought(number, email, when, total, token=None):
    named = {"cart_token": token} if token else {}
    return {
        "id": f"bought-{number}",
        "type": "order.placed",
        "occurred_at": when.isoformat(),
        "contact": {"email": email},
        "order": {"id": number, "currency": "EUR", "total": total, **named},
    }


def begin(world, text):
    kept = keep_campaign(shop_id=world.shop_id, text=text, file_name="campaign.yaml", now=world.now)
    start(kept.campaign, now=world.now)
    return kept.campaign


def test_three_items_for_89_euros_left_get_a_letter_with_a_code_of_their_own(world):
    add_codes(make_pool(world.shop), ["ADA-ONLY", "BEN-ONLY"])
    tell(
        world,
        left("t1", "ada@people.test", NOW - 3 * DAY, "29.50", "29.50", "30.00"),
        left("t2", "ben@people.test", NOW - 3 * DAY, "89.00"),
        left("t3", "cleo@people.test", NOW - 3 * DAY, "88.99"),
    )
    begin(world, LETTER)
    world.run()
    letters = world.letters.mails
    assert len(letters) == 2
    codes = set(CouponIssue.objects.values_list("code", flat=True))
    assert codes == {"ADA-ONLY", "BEN-ONLY"}
    said = [letter.text for letter in letters]
    assert [sum(code in text for code in codes) for text in said] == [1, 1]
    assert {code for code in codes for text in said if code in text} == codes
    assert {letter.recipient.city for letter in letters} == {"Roma"}
    assert Message.objects.filter(rule="by_country/IT/consent@2").count() == 2
    world.run(NOW + 40 * DAY)
    assert len(letters) == 2


def test_the_trail_of_the_cart_tells_of_it(world):
    add_codes(make_pool(world.shop), ["ADA-ONLY"])
    tell(world, left("t1", "ada@people.test", NOW - 3 * DAY, "89.00"))
    begin(world, LETTER)
    world.run()
    cart_id = Message.objects.get().cart_id
    [line] = trail_of_cart(world.shop_id, cart_id)
    assert (line.campaign, line.channel, line.outcome) == (
        "A letter to those who left",
        "letter",
        "sent",
    )
    story = tell_cart(shop_id=world.shop_id, cart_id=cart_id)
    assert in_words(story)[-1].title == "Sent: Letter · Campaign A letter to those who left"
    profile = tell_contact(shop_id=world.shop_id, contact_id=story.buyer.id, now=world.now)
    assert [(one.campaign, one.state) for one in profile.fates] == [(line.campaign, "sent")]


def test_who_buys_before_the_letter_leaves_gets_none(world):
    add_codes(make_pool(world.shop), ["ADA-ONLY", "BEN-ONLY"])
    tell(world, left("t1", "ada@people.test", NOW - 3 * DAY, "89.00"))
    begin(world, LETTER + "quiet_hours: {letter: {from: '20:00', until: '21:00'}}\n")
    world.run()
    assert world.letters.mails == []
    tell(world, bought("o1", "ada@people.test", NOW, "120.00"))
    world.run(NOW + 8 * timedelta(hours=1))
    assert world.letters.mails == []
    message = Message.objects.get()
    assert (message.state, message.reason) == ("cancelled", "ordered")
    assert not CouponIssue.objects.exists()


def test_a_cart_recovered_after_two_days_is_thanked_for_once(world):
    begin(world, THANKS)
    world.run()
    tell(
        world,
        left("t1", "ben@people.test", NOW - 5 * DAY, "89.00"),
        bought("o1", "ben@people.test", NOW - 3 * DAY, "89.00", "t1"),
        left("t2", "ada@people.test", NOW - 3 * DAY, "89.00"),
    )
    world.run(NOW + timedelta(minutes=10))
    assert world.channel.recipients == ["ben@people.test"]
    assert "coming back" in world.channel.mails[0].text
    again = begin(world, THANKS.replace("Thank you", "More thanks"))
    world.run(NOW + DAY)
    assert world.channel.recipients == ["ben@people.test"]
    # A new order is no reason to fall silent, and another recovery is another order.
    tell(
        world,
        left("t3", "ada@people.test", NOW - 2 * DAY, "10.00"),
        bought("o2", "ada@people.test", NOW - DAY, "10.00", "t3"),
    )
    world.run(NOW + 2 * DAY)
    assert world.channel.recipients == ["ben@people.test", "ada@people.test"]
    assert again.name == "More thanks"
