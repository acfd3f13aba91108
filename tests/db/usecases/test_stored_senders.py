"""Stored senders: named by scenarios, changed later, held, and not forgotten while somebody needs them."""

from datetime import timedelta

import pytest

from ripresa.domain.messages import senders
from ripresa.domain.messages.models import Message, Sender
from ripresa.domain.messages.senders import NewSender, NoSuchSender, SenderExists, SenderInUse
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.usecases.providers import stored_senders
from ripresa.usecases.providers.stored_senders import NotASender
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db
STEP = "  - {id: a, after: 1h, send: [email], template: reminder}\n"
BOTTEGA = NewSender("ciao@bottega.test", "Bottega", "aiuto@bottega.test")


@pytest.fixture
def world():
    return make_world()


def add(world, sender=BOTTEGA) -> Sender:
    return stored_senders.add_sender(shop_id=world.shop_id, sender=sender, now=T0)


@pytest.mark.parametrize("word", ["Bottega", "bottega", "ciao@bottega.test", "CIAO@bottega.test"])
def test_a_scenario_names_one_by_address_or_name(world, word):
    add(world)
    world.scenario(more=f"sender: {word}", steps=STEP)
    world.cart(world.contact("ada"))
    world.run_until(T0 + 2 * DAY)
    [mail] = world.channel.mails
    assert (mail.sender.name, mail.sender.address) == ("Bottega", "ciao@bottega.test")
    assert mail.reply_to.address == "aiuto@bottega.test"


def test_what_is_changed_holds_for_what_is_composed_from_then_on(world):
    sender = add(world)
    world.scenario(more="sender: ciao@bottega.test", steps=STEP)
    stored_senders.change_sender(sender, name="Enoteca", reply_to="", now=T0)
    world.cart(world.contact("ada"))
    world.run_until(T0 + 2 * DAY)
    [mail] = world.channel.mails
    assert (mail.sender.name, mail.reply_to) == ("Enoteca", None)


def test_one_that_is_held_sends_nothing_until_it_is_resumed(world):
    sender = add(world)
    assert senders.pause_sender(sender, "no DNS yet", now=T0)
    assert not senders.pause_sender(sender, "another reason", now=T0)
    world.scenario(more="sender: Bottega", steps=STEP)
    world.cart(world.contact("ada"))
    world.run_until(T0 + 2 * DAY)
    assert world.channel.mails == []
    message = Message.objects.get(shop_id=world.shop_id)
    assert (message.state, message.reason) == ("planned", "paused")
    now = T0 + 2 * DAY + timedelta(minutes=1)
    assert senders.resume_sender(sender, now=now)
    assert not senders.resume_sender(sender, now=now)
    world.run(now)
    assert len(world.channel.mails) == 1


def test_a_file_that_names_nobody_is_refused_with_the_nearest_word(world):
    add(world)
    with pytest.raises(ScenarioInvalid, match="did you mean 'bottega'"):
        world.scenario(more="sender: Botega", steps=STEP)


def test_a_name_that_two_have_names_neither(world):
    add(world)
    add(world, NewSender("altro@bottega.test", "bottega "))
    with pytest.raises(ScenarioInvalid, match="no stored sender 'Bottega'"):
        world.scenario(more="sender: Bottega", steps=STEP)
    with pytest.raises(NoSuchSender, match=r"altro@bottega\.test, ciao@bottega\.test"):
        senders.get_sender(shop_id=world.shop_id, named="Bottega")
    found = senders.get_sender(shop_id=world.shop_id, named="ciao@bottega.test")
    assert found.name == "Bottega"


def test_one_that_a_scenario_names_is_not_forgotten(world):
    sender = add(world)
    world.scenario(more="sender: Bottega", steps=STEP)
    with pytest.raises(SenderInUse, match="Left"):
        stored_senders.remove_sender(sender, now=T0)


def test_one_that_has_sent_is_not_forgotten(world):
    world.scenario(more="sender: {name: Bottega, email: ciao@bottega.test}", steps=STEP)
    world.cart(world.contact("ada"))
    world.run_until(T0 + 2 * DAY)
    sender = senders.get_sender(shop_id=world.shop_id, named="ciao@bottega.test")
    with pytest.raises(SenderInUse, match="1 messages"):
        stored_senders.remove_sender(sender, now=T0)


def test_another_shop_s_sender_is_nobody_here(world):
    add(make_world())
    with pytest.raises(ScenarioInvalid, match="no stored sender"):
        world.scenario(more="sender: Bottega", steps=STEP)


def test_one_without_use_is_forgotten_and_an_address_is_stored_once(world):
    sender = add(world)
    with pytest.raises(SenderExists):
        add(world)
    stored_senders.remove_sender(sender, now=T0)
    with pytest.raises(NoSuchSender, match="the shop has none"):
        senders.get_sender(shop_id=world.shop_id, named="Bottega")


@pytest.mark.parametrize(
    ("sender", "field"),
    [
        (NewSender("nobody", "Bottega"), "email"),
        (NewSender("ciao@bottega.test", ""), "name"),
        (NewSender("ciao@bottega.test", "two\nlines"), "name"),
        (NewSender("ciao@bottega.test", "Bottega", "nobody"), "reply_to"),
    ],
)
def test_what_cannot_be_a_sender_is_refused(world, sender, field):
    with pytest.raises(NotASender) as wrong:
        add(world, sender)
    assert wrong.value.field == field
