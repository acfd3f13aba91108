"""An answer that a mail service takes in: read, followed and passed on like one that came by itself."""

import json

import pytest

from ripresa.contracts.feedback import FeedbackKind
from ripresa.core.ids import new_id
from ripresa.domain.messages.models import MessageFeedback
from ripresa.domain.providers.models import ProviderCall
from ripresa.usecases.calls.read_calls import CallReader
from tests.db.mailroom.post_office import ACCOUNTS, received, wrote_to
from tests.db.usecases.engine_world import DAY, HOUR, LETTERHEAD, T0
from tests.foreign import FOREIGN

pytestmark = pytest.mark.django_db
DATA = FOREIGN / "payloads" / "sendgrid_inbound"
FORM = {"content-type": "multipart/form-data; boundary=xYzZY"}


def is_called(world, name, headers, body):
    """A service calls us about mail for a shop, twice, and the call is read."""
    given = {"api_key": "k"} if name == "sendgrid" else {"server_token": "k"}
    account = ACCOUNTS.add(
        shop_id=world.shop_id, provider_name=name, name="in", given=given, now=T0
    )
    for _ in range(2):
        ProviderCall.objects.create(
            shop_id=world.shop_id, id=new_id(world.now), account_id=account.id, method="POST",
            target="/hooks/feedback/x", headers=headers, body=body, received_at=world.now,
            due_at=world.now,
        )  # fmt: skip
    CallReader(ACCOUNTS, LETTERHEAD).read_due(shop_id=world.shop_id, now=world.now)
    world.run(world.now + HOUR)


def postmark(to, text, **headers):
    return json.dumps(
        {
            "FromFull": {"Email": "ben@example.test", "Name": "Ben"},
            "ToFull": [{"Email": to, "Name": ""}],
            "OriginalRecipient": to,
            "MessageID": "in1",
            "Subject": "Re: your cart",
            "TextBody": text,
            "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
        }
    ).encode()


def test_an_answer_is_passed_on_and_stops_the_rest():
    world, _, sent = wrote_to()

    is_called(world, "postmark", {}, postmark(sent.reply_to.address, "Is it in stock?"))

    assert received(world).get().outcome == "reply"
    assert world.channel.mails[1].recipient.address == "owner@shop.test"
    assert "Is it in stock?" in world.channel.mails[1].text
    assert MessageFeedback.objects.get(shop_id=world.shop_id).kind == FeedbackKind.REPLIED
    world.run_until(T0 + 4 * DAY)
    assert len(world.channel.mails) == 2


def test_stop_is_an_opt_out_there_too():
    world, contact, sent = wrote_to()

    is_called(world, "postmark", {}, postmark(sent.reply_to.address, "STOP"))

    assert received(world).get().outcome == "opt_out"
    contact.refresh_from_db()
    assert contact.consent_email == "denied"


def test_an_automatic_reply_does_nothing_there_either():
    world, _, sent = wrote_to()

    body = postmark(sent.reply_to.address, "Away. STOP", **{"Auto-Submitted": "auto-replied"})
    is_called(world, "postmark", {}, body)

    assert received(world).get().outcome == "auto_reply"


@pytest.mark.foreign
@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
@pytest.mark.parametrize("name", ["default_data", "raw_data", "raw_data_with_attachments"])
def test_recorded_calls_of_sendgrid_are_read(name):
    world, _, sent = wrote_to()
    # Forms end their lines with CRLF (RFC 7578); in the collection that was lost.
    recorded = (DATA / f"{name}.txt").read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    body = recorded.replace(b"inbound@inbound.example.com", sent.reply_to.address.encode())
    body = body.replace(b"inbound@inbound.inbound.com", sent.reply_to.address.encode())

    is_called(world, "sendgrid", FORM, body)

    assert received(world).get().outcome == "reply"
    passed_on = world.channel.mails[1]
    assert "Hello Twilio SendGrid!" in passed_on.text
    assert passed_on.reply_to.address == "test@example.com"
    assert ("SendGrid.jpg" in passed_on.text) == ("attachments" in name)
