"""Each shop sends through its own accounts, as they are at that moment."""

from datetime import timedelta

import pytest

from ripresa.domain.messages.models import Message, OwnerNotice
from ripresa.domain.providers import operations
from ripresa.domain.providers.models import ProviderAccount
from ripresa.usecases.providers.provider_accounts import resume_account
from ripresa.usecases.shop_channels import ShopChannels
from tests.db.providers.pigeon import SECRET, pigeons
from tests.db.usecases.engine_world import DAY, LETTERHEAD, T0, make_world
from tests.rounds import run_due

pytestmark = pytest.mark.django_db
NOW = T0 + DAY
STEP = "  - {id: text, after: 0h, send: [sms], template: reminder}\n"
FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"


@pytest.fixture
def world():
    """A shop with a text message due, by its own pigeons; the fixture has `accounts` and `channels`."""
    world = make_world()
    world.scenario(steps=STEP, more=FREE)
    world.cart(world.contact(phone="+393331234567", consent_sms="granted"))
    world.accounts = pigeons()
    world.account = add(world)
    world.shops = ShopChannels(world.accounts, world.channels)
    return world


def add(world, name="texts"):
    return world.accounts.add(
        shop_id=world.shop_id, provider_name="pigeon", name=name, given={"whistle": SECRET}, now=T0
    )


def run(world, now=NOW):
    while run_due(now=now, channels=world.shops, letterhead=LETTERHEAD):
        pass


def message(world):
    return Message.objects.get(shop_id=world.shop_id)


def test_what_a_shop_sends_leaves_by_its_own_account(world):
    pigeon = world.shops.of(world.shop_id, NOW).sms
    run(world)
    assert pigeon.recipients == ["+393331234567"]
    assert world.sms.recipients == []
    assert (message(world).state, message(world).account_id) == ("sent", world.account.id)


def test_other_shops_have_what_the_install_has(world):
    other = make_world()
    channels = world.shops.of(other.shop_id, NOW)
    assert (channels.email, channels.sms) == (world.channel, world.sms)
    assert channels.accounts == {}


def test_a_channel_is_opened_once_and_again_when_its_account_has_changed(world):
    first = world.shops.of(world.shop_id, NOW).sms
    assert world.shops.of(world.shop_id, NOW).sms is first
    world.accounts.change(world.account, {"loft": "tower"}, now=T0)
    second = world.shops.of(world.shop_id, NOW).sms
    assert second.settings["loft"] == "tower"
    assert (first.is_closed, second.is_closed) == (True, False)


def test_another_account_in_use_closes_the_first(world):
    first = world.shops.of(world.shop_id, NOW).sms
    second = add(world, "more")
    assert world.shops.of(world.shop_id, NOW).accounts == {"sms": second.id}
    assert first.is_closed


def test_all_are_closed_at_the_end(world):
    pigeon = world.shops.of(world.shop_id, NOW).sms
    world.shops.close()
    assert pigeon.is_closed


def test_what_a_held_account_would_carry_waits_and_goes_when_it_is_resumed(world):
    pause = {"shop_id": world.shop_id, "account_id": world.account.id}
    assert operations.pause_account(**pause, reason="no credit", now=T0)
    run(world)
    assert (message(world).state, message(world).reason) == ("planned", "paused")
    assert world.trail("outcome", "reason") == [("held", "paused")]
    assert world.sms.recipients == []
    assert resume_account(**pause, now=NOW + timedelta(seconds=1))
    run(world, NOW + timedelta(seconds=1))
    assert message(world).state == "sent"


def test_an_account_held_between_claim_and_departure_holds_what_was_claimed(world):
    """See test_the_second_look_everywhere.py for all other ways to change one's mind."""

    class Holding(ShopChannels):
        def of(self, shop_id, now):
            found = super().of(shop_id, now)
            if Message.objects.filter(shop_id=shop_id, state="sending").exists():
                operations.pause_account(
                    shop_id=shop_id, account_id=world.account.id, reason="now", now=now
                )
            return found

    world.shops = Holding(world.accounts, world.channels)
    run(world)
    assert message(world).state == "planned"


def test_an_account_that_cannot_be_opened_is_held_and_the_owner_told_once(world):
    ProviderAccount.objects.filter(id=world.account.id).update(settings={"loft": "burnt"})
    run(world)
    run(world, NOW + timedelta(minutes=10))
    [account] = ProviderAccount.objects.filter(shop_id=world.shop_id, paused_at__isnull=False)
    assert account.paused_reason == "loft: it burnt down, name another one"
    assert (message(world).state, message(world).reason) == ("planned", "paused")
    [notice] = OwnerNotice.objects.filter(shop_id=world.shop_id)
    assert (notice.kind, notice.about) == ("account", "texts")
    [mail] = world.channel.mails
    assert "texts" in mail.subject


def test_without_the_key_nothing_leaves_and_nothing_is_lost(world):
    world.shops = ShopChannels(pigeons(), world.channels)
    run(world)
    [account] = ProviderAccount.objects.filter(shop_id=world.shop_id, paused_at__isnull=False)
    assert "RIPRESA_SECRET_KEYS" in account.paused_reason
    assert message(world).state == "planned"
    assert world.sms.recipients == []
