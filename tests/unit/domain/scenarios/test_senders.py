"""SCN-19, MSG-4: from whom a mail comes."""

import pytest

from ripresa.contracts.channel import Mailbox
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.plan import Branch, Plan, SenderName, Step
from ripresa.domain.scenarios.senders import is_address, mailbox_of, sending_of, sms_origin
from ripresa.domain.shops.models import Shop

SHOP = Shop(name="Bottega", owner_email="owner@shop.test")
STEPS = (
    Step("own", Duration(), "abandoned", ("email",), "reminder"),
    Step("agents", Duration(), "previous", ("email",), "agent_reminder", by_agent=True),
)
CIAO = SenderName("Ciao", "ciao@shop.test", "aiuto@shop.test")


def plan(sender=CIAO):
    return Plan("p", "it", ("it",), (Branch("everyone", STEPS),), sender=sender)


@pytest.mark.parametrize("agent", [None, Mailbox("", "bruno@shop.test")])
def test_a_step_of_the_shop_s_own_comes_from_the_scenario_s_sender(agent):
    sending = sending_of(plan().sender, STEPS[0], agent, SHOP)
    assert sending.sender == sending.signed_by == Mailbox("Ciao", "ciao@shop.test")
    assert sending.reply_to == Mailbox("", "aiuto@shop.test")


@pytest.mark.parametrize(
    ("agent", "mailbox"),
    [
        ("bruno@shop.test", Mailbox("", "bruno@shop.test")),
        ("Bruno Bianchi <bruno@shop.test>", Mailbox("Bruno Bianchi", "bruno@shop.test")),
        ('"Bianchi, Bruno" <bruno@shop.test>', Mailbox("Bianchi, Bruno", "bruno@shop.test")),
    ],
)
def test_an_agent_s_step_comes_from_the_agent_and_is_answered_there(agent, mailbox):
    assert mailbox_of(agent) == mailbox
    assert sending_of(plan().sender, STEPS[1], mailbox, SHOP) == (mailbox, None, mailbox)


@pytest.mark.parametrize("agent", ["", "Bruno", "bruno@", "a@b.test, c@d.test", "a b@c.test"])
def test_nobody_s_agent_leaves_it_to_the_scenario(agent):
    assert mailbox_of(agent) is None
    sending = sending_of(plan().sender, STEPS[1], None, SHOP)
    assert sending.sender == Mailbox("Ciao", "ciao@shop.test")


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("Bottega", "Bottega"),
        ("Enoteca Città di Torino", "Enoteca Cit"),
        ("Caffè & Co.", "Caffe  Co"),
        ("Магазин", "Shop"),
        ("", "Shop"),
    ],
)
def test_an_sms_shows_the_shop_s_name_as_far_as_it_fits(name, origin):
    assert sms_origin(Shop(name=name)) == origin


def test_without_any_sender_the_owner_writes():
    assert sending_of(None, STEPS[0], None, SHOP).sender == Mailbox("Bottega", "owner@shop.test")


@pytest.mark.parametrize("text", ["a@b.test", "a.b+c@d.e.test", "ü@bücher.test"])
def test_an_address(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "a@b.", "a@b.test\n", "<a@b.test>", "a@b@c.test", "a@b.test."]
)
def test_no_address(text):
    assert not is_address(text)
