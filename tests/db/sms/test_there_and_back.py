"""With each provider: a message leaves, its report comes back to it, and STOP ends what was planned."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest

from ripresa.channels.twilio.signature import signature
from ripresa.channels.vonage.signature import sign
from ripresa.core.config import load
from ripresa.core.ids import new_id
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.models import Message
from ripresa.domain.providers.models import ProviderAccount, ProviderCall
from ripresa.usecases.calls.read_calls import CallReader
from ripresa.usecases.providers.provider_accounts import Accounts, hook_url
from ripresa.usecases.shop_channels import ShopChannels
from tests.db.providers.pigeon import pigeons
from tests.db.usecases.engine_world import DAY, LETTERHEAD, T0, make_world
from tests.hooks import FORM
from tests.rounds import run_due
from tests.scripted_http import HOST, ScriptedApi
from tests.sms_providers import GIVEN, PROVIDERS, TAKEN

pytestmark = pytest.mark.django_db
NUMBER = "+393331234567"
FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"
STEPS = (
    "  - {id: first, after: 0h, send: [sms], template: reminder}\n"
    "  - {id: second, after: 20d, send: [sms], template: second_reminder}\n"
)
SECRETS = {"vonage": {"signature_secret": "seal"}}


class Shop:
    """A shop that sends by one provider, which is on loopback and takes everything."""

    def __init__(self, name, api):
        self.name, self.api = name, api
        self.world = make_world()
        self.accounts = Accounts(PROVIDERS, pigeons().box)
        where = "url" if name == "http_gateway" else "api_url"
        self.account = self.accounts.add(
            shop_id=self.world.shop_id, provider_name=name, name="texts", now=T0,
            given={**GIVEN[name], **SECRETS.get(name, {}), where: api.url},
        )  # fmt: skip
        self.shops = ShopChannels(self.accounts, self.world.channels)
        self.world.scenario(steps=STEPS, more=FREE)
        self.ada = self.world.contact(phone=NUMBER, consent_sms="granted")
        self.world.cart(self.ada)
        self.now = T0 + 2 * DAY
        while run_due(now=self.now, channels=self.shops, letterhead=LETTERHEAD):
            pass

    def message(self, step="first"):
        return Message.objects.get(shop_id=self.world.shop_id, step=step)

    def call(self, fields, *, query=()):
        """Let the provider call us as it would, signed where it signs."""
        target = urlsplit(hook_url(self.account, load())).path
        if query:
            target += "?" + urlencode(query)
        headers = {"content-type": FORM}
        if self.name == "twilio":
            url = LETTERHEAD.public_url + target
            headers["x-twilio-signature"] = signature(url, list(fields.items()), "12345")
        if self.name == "vonage":
            fields = {**fields, "timestamp": str(int(self.now.timestamp()))}
            fields["sig"] = sign(fields, "seal", "sha256")
        ProviderCall.objects.create(
            shop_id=self.world.shop_id, id=new_id(self.now), account_id=self.account.id,
            method="POST", target=target, headers=headers, body=urlencode(fields).encode(),
            received_at=self.now, due_at=self.now,
        )  # fmt: skip
        reader = CallReader(self.accounts, LETTERHEAD)
        assert reader.read_due(shop_id=self.world.shop_id, now=self.now) == 1
        assert not ProviderCall.objects.filter(
            shop_id=self.world.shop_id, refused_at__isnull=False
        ).exists()


@pytest.fixture(params=PROVIDERS)
def shop(request, monkeypatch):
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
    with ScriptedApi(TAKEN[request.param]) as api:
        made = Shop(request.param, api)
        yield made
        made.shops.close()


def reported_to(shop):
    """Where the message told its provider to report to."""
    (heard,) = [one for one in shop.api.heard if "balance" not in one.target.lower()]
    fields = {**heard.query, **(heard.form if heard.body else {})}
    names = {"smsapi": "notify_url", "twilio": "StatusCallback", "vonage": "callback"}
    return fields[names.get(shop.name, "dlr-url")]


def delivered(shop, key):
    number, receipt = NUMBER.removeprefix("+"), shop.message().receipt
    match shop.name:
        case "smsapi":
            return {
                "MsgId": receipt,
                "status": "404",
                "idx": key,
                "to": number,
                "donedate": "1",
            }, ()
        case "twilio":
            return {"MessageSid": receipt, "MessageStatus": "delivered", "To": NUMBER}, {"key": key}
        case "vonage":
            return {
                "messageId": receipt,
                "status": "delivered",
                "client-ref": key,
                "msisdn": number,
            }, ()
    return {}, {"key": key, "state": "1", "at": "1", "to": NUMBER}


def wrote(shop, text):
    number = NUMBER.removeprefix("+")
    match shop.name:
        case "smsapi":
            return {"sms_from": number, "sms_to": "44", "sms_text": text}
        case "twilio":
            return {
                "MessageSid": f"SM{len(text)}",
                "SmsStatus": "received",
                "From": NUMBER,
                "Body": text,
            }
        case "vonage":
            return {"msisdn": number, "to": "44", "messageId": "2", "text": text}
    return {"from": NUMBER, "to": "44", "text": text}


def test_a_message_is_told_apart_by_its_key_and_reports_come_to_the_account_s_address(shop):
    message = shop.message()
    assert (message.state, message.account_id) == ("sent", shop.account.id)
    url = reported_to(shop)
    assert url.startswith(hook_url(shop.account, load()))
    key = LETTERHEAD.message_key(shop.world.shop_id, message.id)
    fields, query = delivered(shop, key)
    shop.call(fields, query=query)
    assert shop.message().delivery == "delivered"


def test_a_report_is_found_by_its_receipt_too(shop):
    if shop.name == "http_gateway":
        pytest.skip("a gateway has no receipt of its own")
    fields, _ = delivered(shop, "")
    shop.call({name: value for name, value in fields.items() if value})
    assert shop.message().delivery == "delivered"


def test_a_key_that_we_have_not_signed_is_nobodys(shop):
    fields, query = delivered(shop, "a" * 50)
    shop.call(fields, query=query)
    assert shop.message().delivery != "delivered"


@pytest.mark.parametrize("text", ["STOP", "please stop texting me", "Smettetela!"])
def test_stop_ends_what_was_planned(shop, text):
    assert shop.message("second").state == "planned"
    shop.call(wrote(shop, text))
    assert Contact.objects.get(id=shop.ada.id).consent_sms == "denied"
    assert shop.message("second").state == "cancelled"


def test_a_question_ends_nothing_and_start_grants_nothing(shop):
    shop.call(wrote(shop, "Do you ship to Malta?"))
    assert Contact.objects.get(id=shop.ada.id).consent_sms == "granted"
    shop.call(wrote(shop, "STOP"))
    shop.now += timedelta(minutes=1)
    shop.call(wrote(shop, "START"))
    assert Contact.objects.get(id=shop.ada.id).consent_sms == "denied"


def test_an_address_of_its_own_is_respected(shop):
    shop.accounts.change(shop.account, {"feedback_url": "https://gate.wines.example/x"}, now=T0)
    account = ProviderAccount.objects.get(id=shop.account.id)
    channel = shop.accounts.open(account)
    assert "https://gate.wines.example/x" in repr(vars(channel))
    channel.close()
