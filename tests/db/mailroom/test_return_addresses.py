import pytest

from ripresa.channels.mailbox.addresses import Use, read_own_address
from ripresa.contracts.channel import Mailbox
from ripresa.contracts.provider import BadSettings
from tests.db.mailroom.post_office import BOUNCE, REPLY, add_mailbox, message_of, wrote_to
from tests.db.usecases.engine_world import LETTERHEAD, make_world

pytestmark = pytest.mark.django_db


def test_bounces_and_answers_name_the_message():
    world, _, mail = wrote_to()

    key = LETTERHEAD.message_key(world.shop_id, message_of(world).id)
    assert mail.envelope_from == f"b+{key}@{BOUNCE}"
    assert mail.reply_to == Mailbox("", f"r+{key}@{REPLY}")
    assert mail.sender.address == "hello@shop.test"
    assert mail.message_id.partition("@")[0] == key
    back = read_own_address(mail.envelope_from)
    assert back.use is Use.BOUNCE
    assert LETTERHEAD.named_by(back.key) == (world.shop_id, message_of(world).id)
    assert len(mail.envelope_from.partition("@")[0]) <= 64


def test_without_a_mailbox_all_is_as_the_scenario_says():
    _, _, mail = wrote_to(mailbox=False)

    assert mail.envelope_from == "hello@shop.test"
    assert mail.reply_to == Mailbox("", "desk@shop.test")


def test_each_domain_is_a_choice_of_its_own():
    world = make_world()
    add_mailbox(world, reply_domain="")
    world.scenario(more="sender: {name: Enoteca, email: hello@shop.test}")
    world.cart(world.contact("cleo"))
    world.run_until(world.now.replace(day=5))

    mail = world.channel.mails[0]
    assert mail.envelope_from.endswith(f"@{BOUNCE}")
    assert mail.reply_to is None


@pytest.mark.parametrize(
    "domains", [{"bounce_domain": "", "reply_domain": ""}, {"bounce_domain": "not a domain"}]
)
def test_a_mailbox_needs_a_domain(domains):
    with pytest.raises(BadSettings, match="domain"):
        add_mailbox(make_world(), **domains)
