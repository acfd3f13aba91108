"""CNS-2: a link in an SMS or a letter ends SMS or letters, whatever its reader is known by."""

import hashlib

import pytest

from ripresa.domain.contacts.models import ConsentClaim, Contact, ContactKey
from ripresa.domain.messages.models import Message, MessageLink
from ripresa.domain.messages.short_codes import TOKEN_LENGTH
from ripresa.usecases.consent.unsubscribe import unsubscribe
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db
PHONE = "+393331234567"
FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"
STEPS = (
    "  - {id: first, after: 0h, send: [sms], template: reminder}\n"
    "  - {id: second, after: 2d, send: [email, sms], template: second_reminder}\n"
)


@pytest.mark.parametrize(
    ("person", "key"),
    [({}, "email:ada@example.test"), ({"email": None}, f"phone:{PHONE}")],
)
def test_the_link_of_an_sms_ends_sms(person, key):
    world = make_world()
    world.scenario(more=FREE, steps=STEPS)
    ada = world.contact(**{"phone": PHONE, "consent_sms": "granted", **person})
    ContactKey.objects.get_or_create(
        shop_id=world.shop_id, key=key, defaults={"contact_id": ada.id}
    )
    world.cart(ada)
    world.run_until(T0 + DAY)
    (sms,) = world.sms.mails
    token = sms.text.rpartition("/s/")[2][-TOKEN_LENGTH:]
    found = MessageLink.objects.get(
        shop_id=world.shop_id, token_hash=hashlib.sha256(token.encode()).digest()
    )
    unsubscribe(
        shop_id=world.shop_id, message_id=found.message_id, token_hash=found.token_hash,
        channels=("sms",), now=world.now,
    )  # fmt: skip
    (claim,) = ConsentClaim.objects.filter(shop_id=world.shop_id)
    assert (claim.key, claim.channel, claim.state) == (key, "sms", "denied")
    assert Contact.objects.get(shop_id=world.shop_id, id=ada.id).consent_sms == "denied"
    left = Message.objects.filter(shop_id=world.shop_id, step="second")
    assert dict(left.values_list("channel", "state")) == {"email": "planned", "sms": "cancelled"}
