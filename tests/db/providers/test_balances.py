"""SCN-11: an account is held before it is empty, and its owner told."""

from datetime import timedelta

import pytest

from ripresa.domain.messages.models import OwnerNotice
from ripresa.domain.providers.models import ProviderAccount
from ripresa.usecases.providers.provider_accounts import Accounts, resume_account
from ripresa.usecases.providers.watch_balances import EVERY, shops_to_ask, watch_balances
from ripresa.usecases.shop_channels import ShopChannels
from tests.db.providers.pigeon import pigeons
from tests.db.usecases.engine_world import T0, make_world
from tests.scripted_http import HOST, Said, ScriptedApi
from tests.sms_providers import PROVIDERS

pytestmark = pytest.mark.django_db


class Account:
    """A shop with an account of SMSAPI on loopback whose balance the test sets."""

    def __init__(self, monkeypatch, url):
        monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
        self.world = make_world()
        self.accounts = Accounts(PROVIDERS, pigeons().box)
        self.accounts.add(
            shop_id=self.world.shop_id, provider_name="smsapi", name="texts", now=T0,
            given={"token": "t", "api_url": url, "low_balance": "2.50"},
        )  # fmt: skip
        self.shops = ShopChannels(self.accounts, self.world.channels)

    def watch(self, now=T0):
        return watch_balances(shop_id=self.world.shop_id, now=now, channels=self.shops)

    @property
    def row(self):
        return ProviderAccount.objects.get(shop_id=self.world.shop_id)


@pytest.fixture
def points():
    return {"points": 100.00}


@pytest.fixture
def account(monkeypatch, points):
    with ScriptedApi(lambda heard: Said(200 if points else 500, points)) as api:
        made = Account(monkeypatch, api.url)
        made.api = api
        yield made
        made.shops.close()


def test_what_is_left_is_taken_down_and_asked_for_every_few_minutes(account):
    assert account.world.shop_id in shops_to_ask(T0)
    assert account.watch() == 1
    row = account.row
    assert (row.balance, row.balance_unit, row.balance_at) == (100, "points", T0)
    assert row.paused_at is None
    assert account.watch(T0 + EVERY - timedelta(seconds=1)) == 0
    assert account.world.shop_id not in shops_to_ask(T0 + EVERY - timedelta(seconds=1))
    assert account.watch(T0 + EVERY + timedelta(seconds=1)) == 1
    assert len(account.api.heard) == 2


def test_at_the_mark_it_goes_on_and_below_it_is_held_and_told_once(account, points):
    points["points"] = 2.50
    account.watch()
    assert account.row.paused_at is None
    points["points"] = 2.49
    later = T0 + 2 * EVERY
    account.watch(later)
    assert account.row.paused_at == later
    assert account.row.paused_reason == (
        "only 2.49 points is left, less than its low_balance of 2.50"
    )
    (notice,) = OwnerNotice.objects.filter(shop_id=account.world.shop_id)
    assert (notice.kind, notice.about, notice.due_at) == ("account", "texts", later)
    assert "2.49 points" in notice.cause
    # Held, it is not asked about again, and told of once.
    assert account.watch(later + 2 * EVERY) == 0
    assert OwnerNotice.objects.filter(shop_id=account.world.shop_id).count() == 1


def test_topped_up_and_resumed_it_goes_on(account, points):
    points["points"] = 0
    account.watch()
    points["points"] = 50
    later = T0 + 2 * EVERY
    resume_account(shop_id=account.world.shop_id, account_id=account.row.id, now=later)
    account.watch(later)
    assert (account.row.paused_at, account.row.balance) == (None, 50)


def test_resumed_without_topping_up_it_is_held_again(account, points):
    points["points"] = 0
    account.watch()
    later = T0 + 2 * EVERY
    resume_account(shop_id=account.world.shop_id, account_id=account.row.id, now=later)
    account.watch(later)
    assert account.row.paused_at == later


def test_a_balance_that_is_not_told_changes_nothing(account, points):
    account.watch()
    points.clear()
    later = T0 + 2 * EVERY
    assert account.watch(later) == 1
    assert (account.row.balance, account.row.balance_at) == (100, later)
    assert account.row.paused_at is None


def test_whose_provider_never_tells_is_only_looked_at():
    world = make_world()
    accounts = pigeons()
    accounts.add(
        shop_id=world.shop_id, provider_name="pigeon", name="texts", given={"whistle": "x"}, now=T0
    )
    shops = ShopChannels(accounts, world.channels)
    assert watch_balances(shop_id=world.shop_id, now=T0, channels=shops) == 1
    assert world.shop_id not in shops_to_ask(T0)
    assert ProviderAccount.objects.get(shop_id=world.shop_id).balance is None
