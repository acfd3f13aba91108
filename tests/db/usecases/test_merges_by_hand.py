"""Two people made one by hand: shown first, brought together by the fold, taken back for good (CUS-6)."""

import pytest

from ripresa.contracts.events import EventType, MergeBlock, StoreEvent
from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.contacts.erasure.screening import forget
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.usecases.contacts.merge_contacts import CannotMerge, merge_contacts, preview_merge
from ripresa.usecases.contacts.split_contact import split_contact
from ripresa.usecases.fold_events import fold_shop
from tests.db.usecases.engine_world import DAY, T0, make_world
from tests.db.usecases.fold_tables import arrive
from tests.db.usecases.test_splits import a_cart, an_order, told

pytestmark = pytest.mark.django_db
ADA, BEN = "email:ada@home.test", "email:ben@home.test"


@pytest.fixture
def world():
    """Ada, who has bought, and Ben, who has said no to e-mail and left a cart; a third, by number alone."""
    world = make_world()
    no = {"contact": {"consent": {"email": "denied"}}}
    events = [
        told("order.placed", T0 - 9 * DAY, "ada", **an_order("oA")),
        told("consent.changed", T0 - DAY, "ben", **no),
        told("cart.updated", T0, "ben", **a_cart("tB")),
        told("cart.updated", T0, contact={"phone": "+393331234567"}, **a_cart("tC")),
    ]
    arrive(world.shop, events)
    fold(world)
    return world


def fold(world):
    while fold_shop(shop_id=world.shop_id, now=world.now):
        pass


def of(world, key):
    return ContactKey.objects.get(shop=world.shop, key=key).contact_id


def asked(world):
    return {"shop_id": world.shop_id, "contact_id": of(world, ADA), "other_id": of(world, BEN)}


def test_what_would_come_together_is_told_first(world):
    before = preview_merge(**asked(world))
    sides = {side.keys: (side.carts, side.orders) for side in before.sides}
    assert sides == {(ADA,): (0, 1), (BEN,): (1, 0)}
    assert before.refused == ("email",)
    fold(world)
    assert of(world, ADA) != of(world, BEN)


def test_all_that_is_theirs_is_hers(world):
    told = merge_contacts(**asked(world), now=world.now)
    fold(world)
    [one] = {of(world, ADA), of(world, BEN)}
    assert one == told.stays.contact.id
    assert Cart.objects.get(token="tB").contact_id == one
    assert Order.objects.get(shop=world.shop).contact_id == one
    assert Contact.objects.get(id=one).consent_email == "denied"


def test_it_is_taken_back_for_good(world):
    merge_contacts(**asked(world), now=world.now)
    fold(world)
    split_contact(shop_id=world.shop_id, keys=[BEN], now=world.now)
    fold(world)
    assert Cart.objects.get(token="tB").contact_id == of(world, BEN) != of(world, ADA)
    with pytest.raises(CannotMerge, match="split them by hand"):
        merge_contacts(**asked(world), now=world.now)


def test_a_number_alone_joins_nobody(world):
    by_number = of(world, "phone:+393331234567")
    with pytest.raises(CannotMerge, match="a number alone"):
        preview_merge(shop_id=world.shop_id, contact_id=of(world, ADA), other_id=by_number)
    with pytest.raises(CannotMerge, match="the same person"):
        preview_merge(shop_id=world.shop_id, contact_id=by_number, other_id=by_number)


def test_who_was_erased_meanwhile_is_not_brought_back():
    event = StoreEvent(
        id="m1", type=EventType.CONTACT_MERGE, occurred_at=T0, merge=MergeBlock((ADA, BEN))
    )
    assert forget(event, frozenset({BEN})) is None
    assert forget(event, frozenset({"email:cleo@home.test"})) is event
