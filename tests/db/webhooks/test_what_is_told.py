"""What happens is told: each thing once, in its order, with the shape that the schema says; else nothing is kept."""

import json
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import jsonschema_rs
import pytest
from django.db import transaction

from ripresa.contracts.decoding import decode_event
from ripresa.contracts.feedback import BounceReason, Feedback, FeedbackKind
from ripresa.contracts.happenings.schema import every_schema
from ripresa.contracts.happenings.types import HappeningType
from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.campaigns import operations as campaigns
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.carts.models import Cart
from ripresa.domain.connections import operations as connections
from ripresa.domain.connections.models import Connection
from ripresa.domain.contacts.models import Contact
from ripresa.domain.coupons.operations import reserve
from ripresa.domain.coupons.pools import create_pool
from ripresa.domain.coupons.rules import Wish
from ripresa.domain.deals import operations as deals
from ripresa.domain.deals.opening import Wanted, open_deals
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import Delivery
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.webhooks.models import WebhookEvent
from ripresa.usecases.campaigns.keep import keep_campaign
from ripresa.usecases.coupons.add_codes import NewCode, add_codes
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.personal_data.erase import erase_contact
from ripresa.usecases.record_feedback import record_feedback
from ripresa.usecases.sending.pauses import Cause, pause_itself
from ripresa.usecases.webhooks.endpoints import send_test
from tests.api_rows import CAMPAIGN, SEGMENT
from tests.db.usecases.engine_world import DAY, HOUR, LETTERHEAD, T0, make_world
from tests.events import an_event
from tests.scripted_http import Said, ScriptedApi
from tests.webhooks import courier, deliver, endpoint_at, told_types

pytestmark = pytest.mark.django_db
MAIL = Source("a provider", "email")


@pytest.fixture(autouse=True)
def internal(monkeypatch):
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", "127.0.0.1")


@pytest.fixture
def world():
    made = make_world()
    made.scenario()
    return made


def hear(world, kind, number=1, **changes):
    """A shop tells something now, and it is folded."""
    made = an_event(kind, number, occurred_at=world.now.isoformat(), **changes)
    event = decode_event(json.dumps(made).encode())
    inbox.store(shop_id=world.shop_id, deliveries=[Delivery(event, world.now)])
    fold_shop(shop_id=world.shop_id, now=world.now)


def told_of(cart_id):
    rows = WebhookEvent.objects.filter(cart_id=cart_id).order_by("position")
    return [(one.type, one.facts.get("reason") or one.facts.get("state")) for one in rows]


def heard_of(world, kind, message, number, **values):
    key = LETTERHEAD.message_key(world.shop_id, message.id)
    return Feedback(kind, f"f-{number}", world.now, key, **values)


def test_a_cart_is_told_from_being_left_to_being_bought_and_unheard_things_are_not_kept(world):
    hear(world, "cart.updated")
    world.run_until(T0 + 2 * HOUR)
    assert told_types() == []
    endpoint_at(world.shop_id, "https://crm.test/hook", T0, patterns=["cart.*", "recovery.*"])
    endpoint_at(world.shop_id, "https://bi.test/hook", T0, patterns=["message.*"], name="bi")
    world.run_until(T0 + DAY + 3 * HOUR)
    hear(world, "order.placed", 2)
    hear(world, "order.placed", 2)
    [cart] = Cart.objects.filter(shop_id=world.shop_id)
    assert Counter(told_of(cart.id)) == Counter(
        [("message.planned", None)] * 3
        + [
            ("recovery.taken_up", "active"),
            ("message.sent", "due"),
            ("cart.recovered", "recovered"),
        ]
        + [("message.cancelled", "ordered")] * 2
        + [("recovery.ended", "ordered")]
    )
    types = [kind for kind, _ in told_of(cart.id)]
    assert types.index("message.sent") > types.index("message.planned")
    assert told_types() == types  # no order, no coupon: nobody asked
    assert WebhookEvent.objects.values("id").distinct().count() == len(types)


def test_everything_there_is_is_told_as_the_schema_says_and_every_type_happens(world):
    with ScriptedApi(lambda _: Said(200)) as api, courier() as made:
        endpoint, _ = endpoint_at(world.shop_id, api.url, T0)
        _let_everything_happen(world, lambda: deliver(made, world.now))
        send_test(endpoint, world.now)
        deliver(made, world.now)
        told = [one.json for one in api.heard]
    validator = jsonschema_rs.validator_for(every_schema())
    for one in told:
        assert [str(each) for each in validator.iter_errors(one)] == [], one
    seen = {one["type"] for one in told}
    never = {"message.unknown", "message.delayed", "message.unsubscribed", "message.held"}
    # Each of these has its own decision or feedback, of a kind with those that are seen here.
    assert {*HappeningType} - seen <= never
    recovered = next(one["data"] for one in told if one["type"] == "cart.recovered")
    assert recovered["contact"]["email"] == "ada@example.test"
    assert recovered["total"] == {"minor": 5980, "currency": "EUR"}
    assert recovered["cause"] in {"agent", "coupon", "link", "own"}
    assert recovered["order"]["external_id"] == "o_12"
    sent = next(one["data"] for one in told if one["type"] == "message.sent")
    assert sent["message"]["scenario"]["name"] == "Left"
    assert not any(
        "restore" in json.dumps(one) or "shop.test/cart/5" in json.dumps(one) for one in told
    )
    ids = [one["id"] for one in told]
    assert len(set(ids)) == len(ids)


def test_what_is_rolled_back_is_not_told_and_the_erased_are_forgotten(world):
    endpoint_at(world.shop_id, "https://crm.test/hook", T0)
    with transaction.atomic():
        hear(world, "cart.updated")
        transaction.set_rollback(True)
    assert told_types() == []
    hear(world, "cart.updated")
    world.run_until(T0 + DAY)
    [ada] = Contact.objects.filter(shop_id=world.shop_id)
    assert WebhookEvent.objects.filter(contact_id=ada.id).count() > 3
    erase_contact(shop_id=world.shop_id, contact_id=ada.id, by="Ada", now=world.now)
    assert told_types() == ["contact.erased"]


def _let_everything_happen(world, tell):
    shop_id = world.shop_id
    hear(world, "cart.updated")
    world.run_until(T0 + 26 * HOUR)
    [cart] = Cart.objects.filter(shop_id=shop_id)
    more = an_event()["cart"]
    more["items"][0]["quantity"] = 3
    hear(world, "cart.updated", 2, cart=more)
    for number in (3, 4, 5):
        other = {"token": f"cart_{number}0", "currency": "EUR"}
        hear(world, "cart.updated", number, cart=an_event()["cart"] | other | {"checkout_id": None})
    world.run_until(T0 + 30 * HOUR)
    hear(world, "cart.emptied", 6, cart={"token": "cart_30"})
    _deal(world, cart)
    world.run_until(T0 + 60 * HOUR)
    messages = Message.objects.filter(shop_id=shop_id)
    [message, *_] = messages.filter(state="sent")
    record_feedback(
        shop_id=shop_id, source=MAIL, letterhead=LETTERHEAD, now=world.now,
        told=[
            heard_of(world, FeedbackKind.DELIVERED, message, 1),
            heard_of(world, FeedbackKind.OPENED, message, 2, user_agent="Mozilla/5.0 Firefox/140.0"),
            heard_of(world, FeedbackKind.CLICKED, message, 3, url="https://shop.test/"),
            heard_of(world, FeedbackKind.REPLIED, message, 4, text="Thanks"),
            heard_of(world, FeedbackKind.BOUNCED, message, 5, reason=BounceReason.FULL),
        ],
    )  # fmt: skip
    _coupon(world, message)
    hear(world, "order.placed", 7)
    tell()
    hear(world, "order.refunded", 8)
    hear(world, "order.cancelled", 9)
    new = {"token": "cart_new", "checkout_id": None, "currency": "EUR"}
    hear(world, "cart.updated", 10, cart=an_event()["cart"] | new)
    hear(world, "order.placed", 11, order=an_event("order.placed")["order"] | {
        "id": "o_13", "cart_token": "cart_new", "checkout_id": None})  # fmt: skip
    world.run_until(T0 + 5 * DAY)
    _refused(world)
    record_feedback(
        shop_id=shop_id, source=MAIL, letterhead=LETTERHEAD, now=world.now,
        told=[heard_of(world, FeedbackKind.COMPLAINED, message, 9)],
    )  # fmt: skip
    _pauses(world)
    _connection(world)
    erase_contact(shop_id=shop_id, contact_id=world.contact("eve").id, by="Eve", now=world.now)


def _refused(world):
    """One address refuses for good; another may not be written to."""
    from ripresa.contracts.channel import RefusalKind, Refused

    world.channel.answers["bad@example.test"] = Refused(True, RefusalKind.OTHER, "550 no")
    world.cart(world.contact("bad"))
    world.cart(world.contact("no", consent_email="denied"))
    world.run_until(world.now + 40 * DAY)


def _deal(world, cart):
    wanted = Wanted(cart.id, cart.contact_id, "check_out_abandoned", Money(200_000, "EUR"))
    at = {"shop_id": world.shop_id, "who": "sara@shop.test", "now": world.now}
    with transaction.atomic():
        [opened] = open_deals(shop_id=world.shop_id, wanted=[wanted], now=world.now).values()
        one = {"deal_id": opened.id, **at}
        deals.move(from_stage="check_out_abandoned", to_stage="in_talks", **one)
        deals.lose(from_stage="in_talks", why="gone", **one)
        deals.move(from_stage="lost", to_stage="in_talks", **one)
        deals.win(from_stage="in_talks", **one)


def _coupon(world, message):
    pool = create_pool(shop_id=world.shop_id, name="spring", now=world.now)
    add_codes(shop_id=world.shop_id, pool=pool, codes=[NewCode("SPRING-1", None)], now=world.now)
    wish = Wish(uuid4(), "spring", message.contact_id, "recovery", message.origin_id, "first")
    with transaction.atomic():
        reserve(shop_id=world.shop_id, wishes=[wish], now=world.now)


def _pauses(world):
    from ripresa.domain.segments import operations as segments
    from ripresa.domain.segments.reading import parse_segment

    shop_id, now = world.shop_id, world.now
    read = parse_segment(SEGMENT, file_name="segment.yaml", currency="EUR")
    segments.save(shop_id=shop_id, segment=read, text=SEGMENT, now=now)
    kept = keep_campaign(shop_id=shop_id, text=CAMPAIGN, file_name="c.yaml", now=now).campaign
    Campaign.objects.filter(id=kept.id).update(state="live", condition={}, due_at=now)
    scenario = Scenario.objects.get(shop_id=shop_id)
    causes = {kept.id: Cause("credit", "none left"), scenario.id: Cause("credit", "none left")}
    pause_itself(shop_id=shop_id, causes=causes, now=now)
    campaigns.finish(Campaign.objects.get(id=kept.id), now=now)


def _connection(world):
    shop_id, now = world.shop_id, world.now
    made = Connection.objects.create(
        shop_id=shop_id, id=new_id(now), platform="medusa", name="shop", secrets=b"",
        created_at=now, ask_at=now, asked_until=now,
    )  # fmt: skip
    later = now + timedelta(minutes=5)
    connections.ask_later(made, ask_at=later, trouble="it says 503", remedy="wait", now=now)
    connections.close(shop_id=shop_id, connection_id=made.id, reason="removed", now=now)
