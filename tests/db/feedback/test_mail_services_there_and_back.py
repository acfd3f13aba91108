"""With mail services: a mail leaves, what became of it comes back signed, and what follows follows."""

import os
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from django.test import override_settings

from ripresa.core.config import load
from ripresa.core.ids import new_id
from ripresa.domain.contacts.models import Suppression
from ripresa.domain.messages.models import Message
from ripresa.domain.providers.models import ProviderCall
from ripresa.entrypoints.registry import PROVIDERS
from ripresa.usecases.calls.read_calls import CallReader
from ripresa.usecases.providers.provider_accounts import Accounts, hook_url
from ripresa.usecases.shop_channels import ShopChannels
from tests.db.providers.pigeon import pigeons
from tests.db.usecases.engine_world import DAY, LETTERHEAD, T0, make_world
from tests.mail_services import ACCEPTS
from tests.rounds import run_due
from tests.scripted_http import HOST, ScriptedApi
from tests.unit.channels.anymail import calls

pytestmark = pytest.mark.django_db
STEPS = (
    "  - {id: first, after: 0h, send: [email], template: reminder}\n"
    "  - {id: second, after: 20d, send: [email], template: second_reminder}\n"
)
ADDRESS = "ada@example.test"


class Shop:
    """A shop that mails through one service, which is on loopback and takes everything."""

    def __init__(self, name, api):
        self.name, self.api = name, api
        self.world = make_world()
        self.accounts = Accounts(PROVIDERS, pigeons().box)
        self.account = self.accounts.add(
            shop_id=self.world.shop_id, provider_name=name, name="mails", now=T0,
            given=calls.settings_of(name),
        )  # fmt: skip
        self.shops = ShopChannels(self.accounts, self.world.channels)
        self.world.scenario(steps=STEPS)
        self.world.cart(self.world.contact())
        self.now = T0 + 2 * DAY
        self.send()

    def send(self):
        while run_due(now=self.now, channels=self.shops, letterhead=LETTERHEAD):
            pass

    def message(self, step="first"):
        return Message.objects.get(shop_id=self.world.shop_id, step=step)

    @property
    def key(self):
        return LETTERHEAD.message_key(self.world.shop_id, self.message().id)

    def refused(self):
        calls_of_shop = ProviderCall.objects.filter(shop_id=self.world.shop_id)
        return calls_of_shop.exclude(refused_at=None).count()

    def hear(self, request):
        """Let the service call us as it would; returns whether it was believed."""
        refused = self.refused()
        ProviderCall.objects.create(
            shop_id=self.world.shop_id, id=new_id(self.now), account_id=self.account.id,
            method="POST", target=urlsplit(hook_url(self.account, load())).path,
            headers=dict(request.headers), body=request.body,
            received_at=request.received_at, due_at=self.now,
        )  # fmt: skip
        reader = CallReader(self.accounts, LETTERHEAD)
        assert reader.read_due(shop_id=self.world.shop_id, now=self.now) == 1
        return self.refused() == refused


@pytest.fixture
def shop(request):
    name = request.param
    with ScriptedApi(ACCEPTS[name]) as api:
        where = {f"{name.upper()}_API_URL": api.url}
        with (
            patch.dict(os.environ, {"RIPRESA_INTERNAL_HOSTS": HOST}),
            override_settings(ANYMAIL=where),
        ):
            made = Shop(name, api)
            yield made
            made.shops.close()


def suppressed(shop):
    rows = Suppression.objects.filter(shop_id=shop.world.shop_id)
    return list(rows.values_list("channel", "address", "cause"))


only = pytest.mark.parametrize("shop", ["postmark"], indirect=True)


def bounce(shop, **changes):
    said = {
        "RecordType": "Bounce",
        "ID": 1,
        "Type": "HardBounce",
        "Email": ADDRESS,
        "MessageID": shop.message().receipt,
        "Details": "550 5.1.1 no such user",
        "BouncedAt": "2026-03-03T10:00:00Z",
        "Metadata": {"message_key": shop.key},
    }
    return calls.as_json(said | changes)


@only
def test_a_mailbox_that_does_not_exist_is_never_written_to_again(shop):
    assert (shop.message().state, shop.message().account_id) == ("sent", shop.account.id)
    assert shop.hear(bounce(shop))
    assert shop.message().delivery == "bounced"
    assert suppressed(shop) == [("email", ADDRESS, "hard_bounce")]
    shop.now += 25 * DAY
    shop.send()
    assert shop.message("second").state == "skipped"
    assert len(shop.api.heard) == 1


@only
def test_a_refusal_of_the_sender_suppresses_nobody(shop):
    assert shop.hear(bounce(shop, Details="550 5.7.1 blocked by policy"))
    assert suppressed(shop) == []


@only
def test_it_is_found_by_its_receipt_alone(shop):
    said = {
        "RecordType": "Delivery",
        "MessageID": shop.message().receipt,
        "Recipient": ADDRESS,
        "DeliveredAt": "2026-03-03T10:00:00Z",
    }
    assert shop.hear(calls.as_json(said))
    assert shop.message().delivery == "delivered"


@pytest.mark.parametrize("shop", ["mailgun"], indirect=True)
def test_a_token_heard_once_says_nothing_more(shop):
    """Mailgun signs no body: who repeats a signature could put any words beside it."""
    said = {"timestamp": calls.NOW.timestamp(), "recipient": ADDRESS}
    mine = {"user-variables": {"message_key": shop.key}}
    assert shop.hear(calls.mailgun({"event-data": {"event": "delivered", **said, **mine}}))
    shop.now += timedelta(seconds=5)
    shop.hear(calls.mailgun({"event-data": {"event": "complained", **said, **mine}}))
    assert suppressed(shop) == []


@pytest.mark.parametrize("shop", ["mandrill"], indirect=True)
def test_who_does_not_sign_is_not_heard(shop):
    said = [{"event": "spam", "ts": 1, "msg": {"metadata": {"message_key": shop.key}}}]
    url = LETTERHEAD.public_url + urlsplit(hook_url(shop.account, load())).path
    forged = calls.mandrill(said, url=url, key="other")
    assert not shop.hear(forged)
    assert suppressed(shop) == []
    assert shop.hear(calls.mandrill(said, url=url))
    assert [cause for *_, cause in suppressed(shop)] == ["complaint"]
