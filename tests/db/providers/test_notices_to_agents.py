"""A shop's agents hear in its chat; what the chat does not take they get by mail, and the owner is told why."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from ripresa.core.secrets.box import SecretBox
from ripresa.domain.messages.models import Message, OwnerNotice
from ripresa.domain.providers.models import ProviderAccount
from ripresa.entrypoints.registry import PROVIDERS
from ripresa.usecases.providers.provider_accounts import Accounts, resume_account
from ripresa.usecases.shop_channels import ShopChannels
from tests.db.usecases.engine_world import DAY, LETTERHEAD, T0, make_world
from tests.rounds import run_due
from tests.scripted_http import HOST, Said, ScriptedApi

pytestmark = pytest.mark.django_db
TELL = "  - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}\n"
BRUNO = "bruno@shop.test"
NOW = T0 + DAY


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
    made = make_world()
    made.scenario(steps=TELL)
    return made


def test_slack_first_then_mail_for_what_it_does_not_take_and_while_it_is_held(world):
    answers = [Said(200, "ok"), Said(404, "no_service"), Said(200, "ok")]
    with ScriptedApi(lambda _: answers.pop(0)) as api:
        accounts = Accounts(PROVIDERS, SecretBox([Fernet.generate_key().decode()]))
        account = accounts.add(
            shop_id=world.shop_id, provider_name="slack", name="chat", now=T0,
            given={"url": api.url + "/services/T1/B1/secret"},
        )  # fmt: skip
        shops = ShopChannels(accounts, world.channels)

        def leave_and_tell(name, now):
            world.now = now - DAY
            world.cart(world.contact(name, agent=BRUNO, last_name="Rossi"))
            while run_due(now=now, channels=shops, letterhead=LETTERHEAD):
                pass
            return len(api.heard), world.channel.recipients.count(BRUNO)

        assert leave_and_tell("ada", NOW) == (1, 0)
        assert leave_and_tell("bea", NOW + DAY) == (2, 1)
        assert leave_and_tell("cleo", NOW + 2 * DAY) == (2, 2)
        held = ProviderAccount.objects.get(id=account.id)
        assert held.paused_at == NOW + DAY
        notice = OwnerNotice.objects.get(kind="account")
        assert "slack answered 404" in notice.cause
        assert "secret" not in notice.cause
        at = NOW + 3 * DAY
        assert resume_account(shop_id=world.shop_id, account_id=account.id, now=at)
        assert leave_and_tell("dora", at) == (3, 2)
        assert "Ada Rossi" in api.heard[0].body.decode()
        assert LETTERHEAD.public_url not in api.heard[0].body.decode()
        shops._close_all_but(world.shop_id, ())
    told = Message.objects.filter(shop_id=world.shop_id, channel="agent").order_by("handed_over_at")
    assert [one.state for one in told] == ["sent"] * 4
    assert told[0].account_id == account.id
    assert told[0].receipt == "slack answered 200: ok"
    assert timedelta() < told[1].handed_over_at - told[0].handed_over_at
