"""Who may answer an approval: never whoever asked, not even by a key that she has made."""

import pytest

from ripresa.domain.audit.acting import COMMAND_LINE, Actor, acting_as, key, member
from ripresa.domain.shops.models import ApiKey, Approval, Membership, Shop
from ripresa.usecases.approvals import asking, matters
from ripresa.usecases.approvals.asking import NotToBeDecided
from ripresa.usecases.shops.api_keys import add_api_key
from tests.rows import T0, make_user
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = build_world()
    Shop.objects.filter(id=made.shop.id).update(second_person=True)
    return made


def made_by(world: World, who: Actor) -> ApiKey:
    with acting_as(who):
        return add_api_key(shop=world.shop, scopes=["write", "approve"], label="crm", now=T0).key


def asked(world: World, who: Actor) -> Approval:
    with acting_as(who):
        matter = matters.of_scenario(world.draft)
        return asking.ask(shop_id=world.shop.id, matter=matter, facts={}, now=T0)


def may_answer(found: Approval, who: Actor) -> bool:
    """What the page says beforehand, which is what happens."""
    with acting_as(who):
        said = asking.may_decide(found)
        try:
            asking.decide(
                shop_id=found.shop_id, approval_id=found.id, is_approved=True, reason="", now=T0
            )
        except NotToBeDecided:
            assert not said
            return False
        assert said
        return True


def test_a_key_asks_as_whoever_made_it(world):
    ada, marta = member(world.ada.id), member(make_user("marta@w.test", world.shop, "marketer").id)
    crm = made_by(world, ada)
    found = asked(world, key(crm.id))
    assert not may_answer(found, ada)
    assert not may_answer(found, key(crm.id))
    assert not may_answer(found, key(made_by(world, ada).id))
    assert may_answer(found, marta)


def test_a_key_answers_as_whoever_made_it_while_she_works_there(world):
    boss = make_user("boss@w.test", world.shop, "owner")
    crm, ada = made_by(world, member(boss.id)), member(world.ada.id)
    assert not may_answer(asked(world, member(boss.id)), key(crm.id))
    Approval.objects.all().delete()
    found = asked(world, ada)
    Membership.objects.filter(user=boss).update(role="viewer")
    assert not may_answer(found, key(crm.id))
    Membership.objects.filter(user=boss).update(role="owner")
    assert may_answer(found, key(crm.id))


def test_of_a_key_that_nobody_is_known_to_have_made_no_owner_answers(world):
    marta = make_user("marta@w.test", world.shop, "marketer")
    found = asked(world, key(made_by(world, COMMAND_LINE).id))
    assert not may_answer(found, member(world.ada.id))
    assert not may_answer(found, key(made_by(world, member(world.ada.id)).id))
    assert may_answer(found, member(marta.id))


def test_who_has_handled_keys_before_is_as_good_as_an_owner(world):
    marta = make_user("marta@w.test", world.shop, "marketer")
    made_by(world, member(marta.id))
    found = asked(world, key(made_by(world, COMMAND_LINE).id))
    assert not may_answer(found, member(marta.id))
