"""A shop that has written to a customer and hears of it by mail."""

from ripresa.core.clock import WALL
from ripresa.domain.mailroom.models import ReceivedMail
from ripresa.domain.messages.models import Message
from ripresa.entrypoints.mailbox_server import MailboxServer
from ripresa.entrypoints.registry import PROVIDERS
from ripresa.usecases.providers.provider_accounts import Accounts
from tests.db.usecases.engine_world import DAY, LETTERHEAD, T0, make_world

BOUNCE, REPLY = "bounce.shop.test", "reply.shop.test"
SCENARIO = """\
version: 1
name: Left
sender: {name: Enoteca, email: hello@shop.test, reply_to: desk@shop.test}
stop_on: [reply]
steps:
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: second, after: 2d, send: [email], template: second_reminder}
"""
ACCOUNTS = Accounts(PROVIDERS)


def add_mailbox(world, **domains):
    given = {"bounce_domain": BOUNCE, "reply_domain": REPLY, **domains}
    return ACCOUNTS.add(
        shop_id=world.shop_id, provider_name="lmtp", name="post", given=given, now=T0
    )


def wrote_to(name="ben", *, mailbox=True, **shop):
    """A world in which the first mail of a scenario has left; and that mail."""
    world = make_world(**shop)
    if mailbox:
        add_mailbox(world)
    world.scenario(text=SCENARIO)
    contact = world.contact(name)
    world.cart(contact)
    world.run_until(T0 + DAY * 1.5)
    (mail,) = world.channel.mails
    return world, contact, mail


def server(lmtp=None):
    return MailboxServer(ACCOUNTS, LETTERHEAD, WALL, lmtp)


def message_of(world):
    return Message.objects.get(shop_id=world.shop_id, step="first")


def received(world):
    return ReceivedMail.objects.filter(shop_id=world.shop_id).order_by("id")
