"""Two people turn out to be one, or are parted again: nobody gets a campaign's message twice."""

from datetime import timedelta

import pytest

from ripresa.domain.campaigns.models import CampaignRecipient
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.domain.messages.models import Message
from ripresa.usecases.contacts.split_contact import split_contact
from ripresa.usecases.fold_events import fold_shop
from tests.db.campaigns.campaign_world import campaign, customers, fates
from tests.db.usecases.engine_world import DAY, T0, make_world
from tests.db.usecases.fold_tables import arrive

pytestmark = pytest.mark.django_db
WINE = [{"sku": "A1", "title": "Vino", "quantity": 1, "unit_price": "29.90"}]
MORNING = "quiet_hours: {email: {from: '09:00', until: '12:00'}}"
EVERYBODY = {
    "about": "none",
    "audience": "{when: {any: [{has_email: {eq: true}}, {agent: {ne: x}}]}}",
    "message": "{send: [email], template: thank_you}",
}
REMINDED = {"about": "abandoned_cart", "audience": "{when: {abandonment: {state: not_recovered}}}"}


def tell(world, number, kind="cart.updated", at=T0 - 3 * DAY, **fields):
    arrive(
        world.shop,
        [{"id": f"e{number}", "type": kind, "occurred_at": at.isoformat(), **fields}],
    )
    while fold_shop(shop_id=world.shop_id, now=world.now):
        pass


def two_people(world):
    """Ada is known by her address, somebody by a customer id with another address."""
    yes = {"email": "granted"}
    cart = {"currency": "EUR", "items": WINE}
    tell(world, 1, contact={"email": "ada@x.test", "consent": yes}, cart={"token": "t1", **cart})
    tell(
        world, 2, contact={"email": "eve@x.test", "customer_id": "7", "consent": yes},
        cart={"token": "t2", **cart},
    )  # fmt: skip
    assert Contact.objects.filter(shop=world.shop).count() == 2


def merge(world):
    both = {"email": "ada@x.test", "customer_id": "7"}
    tell(world, 3, "contact.identified", world.now, contact=both, visitor_id="v")
    assert Contact.objects.filter(shop=world.shop).count() == 1


def part(world):
    split_contact(shop_id=world.shop_id, keys=["email:ada@x.test"], now=world.now)
    while fold_shop(shop_id=world.shop_id, now=world.now):
        pass
    assert Contact.objects.filter(shop=world.shop).count() == 2


def agrees(world):
    """Every recipient, its messages and its cart are of one person."""
    for one in CampaignRecipient.objects.filter(shop=world.shop).select_related("cart"):
        sent = Message.objects.filter(shop=world.shop, origin_id=one.id)
        assert {each.contact_id for each in sent} == {one.contact_id}
        if one.cart_id is not None:
            assert one.cart.contact_id == one.contact_id
    assert ContactKey.objects.filter(shop=world.shop).exists()


@pytest.fixture(params=[EVERYBODY, REMINDED], ids=["no cart", "a cart"])
def what(request):
    return request.param


@pytest.fixture
def world():
    world = make_world()
    two_people(world)
    world.run()
    return world


def test_merged_before_anything_left_she_gets_it_once(world, what):
    one = campaign(world, **what, more=MORNING)
    world.run()
    assert fates(one) == [("planned", "quiet_hours")] * 2
    merge(world)
    agrees(world)
    assert fates(one) == [("cancelled", "superseded"), ("planned", "quiet_hours")]
    world.run(T0 + timedelta(hours=18))  # eleven in Rome
    assert len(customers(world)) == 1
    part(world)
    agrees(world)
    world.run(T0 + timedelta(hours=42))
    assert len(customers(world)) == 1


def test_merged_after_it_left_and_parted_again_nobody_gets_more(world, what):
    one = campaign(world, **what, more="schedule: {mode: continuous}")
    world.run()
    assert customers(world) == ["ada@x.test", "eve@x.test"]
    world.now += timedelta(hours=1)
    merge(world)
    agrees(world)
    assert CampaignRecipient.objects.filter(is_double=True).count() == 1
    world.run(T0 + 2 * timedelta(hours=1))
    part(world)
    agrees(world)
    assert not CampaignRecipient.objects.filter(is_double=True).exists()
    world.run(T0 + 3 * timedelta(hours=1))
    assert fates(one) == [("sent", "due")] * 2


def test_merged_into_somebody_who_has_had_it(world, what):
    """Only one of them was in the audience at first."""
    Contact.objects.filter(shop=world.shop, email="eve@x.test").update(consent_email="denied")
    one = campaign(world, **what, more="schedule: {mode: continuous}")
    world.run()
    assert customers(world) == ["ada@x.test"]
    world.now += timedelta(hours=1)
    merge(world)
    agrees(world)
    world.run(T0 + 2 * timedelta(hours=1))
    assert len(customers(world)) == 1
    assert [kept.is_double for kept in CampaignRecipient.objects.order_by("id")].count(False) == 1
    assert one.state == "live"
