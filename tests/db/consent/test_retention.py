"""CNS-6: data goes by itself when it was kept long enough; what is in force stays."""

import json
from datetime import timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart, CartActivity, Order
from ripresa.domain.contacts.models import Contact, Suppression, Tombstone
from ripresa.domain.contacts.suppression import suppress
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.messages.models import Message, MessageContent, MessageFeedback, MessageLink
from ripresa.domain.providers.models import ProviderCall
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.retention import LIMITS
from ripresa.domain.webhooks.models import WebhookDelivery, WebhookEvent
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.retention import keeping
from tests.db.migrations.one_of_each import one_of_each
from tests.rows import DAY, T0, make_contact, make_link

YEARS = 6 * 365 * DAY


@pytest.fixture
def world(db):
    return one_of_each()


def tidy(shop, now):
    while keeping.let_go(shop_id=shop.id, now=now):
        pass


def event(shop, at, **values):
    return InboxEvent.objects.create(
        shop=shop, id=new_id(at), source="shop", external_id=f"e{at}", type="cart.viewed",
        trusted=True, occurred_at=at, received_at=at, **values,
    )  # fmt: skip


def test_folded_events_go_after_thirty_days_and_others_stay(world):
    shop = world.shop
    InboxEvent.objects.filter(shop=shop).delete()
    event(shop, T0 - 31 * DAY, folded_at=T0 - 31 * DAY)
    young = event(shop, T0 - 29 * DAY, folded_at=T0 - 29 * DAY)
    waiting = event(shop, T0 - 40 * DAY, payload="{}")
    tidy(shop, T0)
    assert {row.id for row in InboxEvent.objects.filter(shop=shop)} == {young.id, waiting.id}


def test_what_endpoints_were_told_goes_after_thirty_days_with_its_log(world):
    old, young = (
        WebhookEvent.objects.create(
            shop=world.shop, id=new_id(T0 - days * DAY), position=days, type="shop.warned",
            subject=new_id(T0), happened_at=T0, facts={}, about={},
        )
        for days in (31, 29)
    )  # fmt: skip
    for one in (old, young):
        WebhookDelivery.objects.create(
            shop=world.shop, endpoint_id=new_id(T0), event_id=one.id, subject=one.subject,
            position=one.position, due_at=T0,
        )  # fmt: skip
    tidy(world.shop, T0)
    for table in (
        WebhookEvent.objects.values_list("id"),
        WebhookDelivery.objects.values_list("event_id"),
    ):
        kept = {ident for (ident,) in table}
        assert (young.id in kept, old.id in kept) == (True, False)


def test_steps_of_carts_go_after_ninety_days(world):
    for days in (89, 91):
        CartActivity.objects.create(
            shop=world.shop, id=new_id(T0 - days * DAY), source="shop", token=f"t{days}", kind="viewed",
            occurred_at=T0 - days * DAY, event_id="e", payload="{}",
        )  # fmt: skip
    tidy(world.shop, T0)
    tokens = CartActivity.objects.filter(shop=world.shop).values_list("token", flat=True)
    assert set(tokens) & {"t89", "t91"} == {"t89"}


def test_what_messages_said_goes_and_that_they_were_sent_stays(world):
    make_link(world.sent, "unsubscribe", "u" * 20, expires_at=T0)
    before = Message.objects.filter(shop=world.shop).count()
    tidy(world.shop, T0 + 366 * DAY)
    assert not MessageContent.objects.filter(shop=world.shop).exists()
    assert Message.objects.filter(shop=world.shop).count() == before
    links = MessageLink.objects.filter(shop=world.shop)
    assert set(links.values_list("purpose", flat=True)) == {"unsubscribe"}


def test_who_opened_with_which_browser_goes(world):
    MessageFeedback.objects.filter(shop=world.shop).update(
        ip="192.0.2.7", recipient="ben@mail.test"
    )
    tidy(world.shop, T0 + 181 * DAY)
    [row] = MessageFeedback.objects.filter(shop=world.shop)
    assert (row.ip, row.recipient, row.kind) == ("", None, "delivered")


def test_calls_that_are_done_with_go(world):
    tidy(world.shop, T0 + 31 * DAY)
    assert ProviderCall.objects.filter(shop=world.shop).exists()  # it waits to be read
    ProviderCall.objects.filter(shop=world.shop).update(due_at=None, refused_at=T0)
    Shop.objects.update(tidied_at=None)
    tidy(world.shop, T0 + 31 * DAY)
    assert not ProviderCall.objects.filter(shop=world.shop).exists()


class TestPeople:
    def test_who_was_not_heard_of_for_years_is_erased_and_may_return(self, world):
        orders, carts = Order.objects.count(), Cart.objects.count()
        later = make_contact(world.shop, "new@mail.test", created_at=T0 + YEARS)
        Message.objects.filter(state="planned").update(state="skipped", due_at=None)
        tombstones = Tombstone.objects.count()
        tidy(world.shop, T0 + YEARS + DAY)
        there = Contact.objects.filter(shop=world.shop, erased_at__isnull=True)
        assert list(there.values_list("id", flat=True)) == [later.id]
        assert (Order.objects.count(), Cart.objects.count()) == (orders, carts)
        assert Tombstone.objects.count() == tombstones

    def test_an_order_keeps_her(self, world):
        Message.objects.filter(state="planned").update(state="skipped", due_at=None)
        world.ben_order.content_at = T0 + YEARS
        world.ben_order.save()
        tidy(world.shop, T0 + YEARS + DAY)
        there = Contact.objects.filter(shop=world.shop, erased_at__isnull=True)
        assert list(there.values_list("id", flat=True)) == [world.ben.id]

    def test_what_she_forbade_outlives_her_profile(self, shop, hear):
        """CNS-2: until she herself says otherwise, however long ago; a complaint for good."""
        ada = {"email": "ada@mail.test", "first_name": "Ada"}
        hear(told("cart.updated", "e1", ada, consent={"email": "granted", "sms": "granted"}))
        hear(told("consent.changed", "e2", ada, consent={"email": "denied"}))
        suppress(shop_id=shop.id, channel="email", cause="complaint", details={"ada@mail.test": ""}, now=T0)  # fmt: skip
        tidy(shop, T0 + YEARS)
        assert not Contact.objects.filter(shop=shop, erased_at__isnull=True).exists()
        hear(told("cart.updated", "e3", ada))
        again = Contact.objects.get(shop=shop, erased_at__isnull=True)
        assert (again.consent_email, again.consent_sms) == ("denied", "unknown")
        assert Suppression.objects.get(shop=shop).cause == "complaint"

    @pytest.mark.parametrize("said_as", [{"customer_id": "c_7"}, {"phone": "+393331234567"}])
    def test_it_holds_by_whichever_name_she_comes_again(self, said_as, shop, hear):
        """One person with several keys: what she said under one of them was hers under all."""
        ada = {"email": "ada@mail.test", "customer_id": "c_7", "phone": "+393331234567"}
        hear(told("cart.updated", "e1", ada))
        hear(told("consent.changed", "e2", said_as, consent={"email": "denied"}))
        assert Contact.objects.get(shop=shop).consent_email == "denied"
        tidy(shop, T0 + YEARS)
        hear(told("cart.updated", "e3", {"email": "ada@mail.test"}))
        again = Contact.objects.get(shop=shop, erased_at__isnull=True)
        assert again.consent_email == "denied"

    def test_what_she_has_granted_again_is_no_refusal(self, shop, hear):
        ada = {"email": "ada@mail.test"}
        hear(told("consent.changed", "e1", ada, consent={"email": "denied"}))
        hear(told("consent.changed", "e2", ada, T0 + DAY, consent={"email": "granted"}))
        tidy(shop, T0 + YEARS)
        hear(told("cart.updated", "e3", ada))
        again = Contact.objects.get(shop=shop, erased_at__isnull=True)
        assert again.consent_email == "unknown"


def told(kind, event_id, contact, at=T0, **more):
    """A store event about somebody, with a cart where there must be one."""
    cart = {"token": event_id, "currency": "EUR", "items": [{"title": "Vino", "quantity": 1}]}
    event = {"id": event_id, "type": kind, "occurred_at": at.isoformat(), "contact": {**contact, **more}}  # fmt: skip
    return event if kind == "consent.changed" else {**event, "cart": cart}


def test_once_a_day_is_enough(world):
    tidy(world.shop, T0)
    assert world.shop.id not in keeping.shops_to_tidy(T0 + timedelta(hours=23))
    assert world.shop.id in keeping.shops_to_tidy(T0 + DAY)


def test_another_shop_keeps_all(world):
    Shop.objects.filter(id=world.other_shop.id).update(
        retention=dict.fromkeys(LIMITS, 0), tidied_at=None
    )
    before = Contact.objects.filter(shop=world.other_shop, erased_at__isnull=True).count()
    for shop in (world.shop, world.other_shop):
        tidy(shop, T0 + YEARS)
    assert Contact.objects.filter(shop=world.other_shop, erased_at__isnull=True).count() == before


def test_small_batches(world, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 2)
    InboxEvent.objects.filter(shop=world.shop).delete()
    for days in range(40, 45):
        event(world.shop, T0 - days * DAY, folded_at=T0 - days * DAY)
    assert keeping.let_go_of(world.shop, "events", T0) == 2
    tidy(world.shop, T0)
    assert not InboxEvent.objects.filter(shop=world.shop).exists()


def test_the_command_shows_sets_and_tells_what_would_go(shop, ripresa):
    event(shop, T0 - 31 * DAY, folded_at=T0 - 31 * DAY)
    told = json.loads(ripresa("retention", "--dry-run", "--json").output)
    assert told["days"] == {kind: limit.days for kind, limit in LIMITS.items()}
    assert told["would_go"]["events"] == 1
    assert InboxEvent.objects.filter(shop=shop).exists()
    text = ripresa("retention", "--keep", "contents=180", "--keep", "contacts=0").output
    assert "contents  180 days" in text
    assert "contacts  for ever" in text


@pytest.mark.parametrize("said", ["contents", "contents=", "cookies=5", "events=3", "contents=-1"])
def test_a_limit_that_is_none_is_refused(said, shop, ripresa):
    with pytest.raises(Problem):
        ripresa("retention", "--keep", said)
    shop.refresh_from_db()
    assert shop.retention == {}
