"""A shop's accounts with providers: what they take, keep, and never show."""

import pytest
from django.db import IntegrityError, connection, transaction

from ripresa.contracts.provider import BadSettings
from ripresa.core.config import load
from ripresa.core.secrets import key_file
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.providers import operations, queries
from ripresa.domain.providers.models import ProviderAccount
from ripresa.domain.providers.operations import AccountExists
from ripresa.usecases.providers.provider_accounts import NoSuchAccount, find_account, hook_url
from tests.db.providers.pigeon import SECRET, pigeons
from tests.db.usecases.engine_world import T0, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop_id():
    return make_world().shop_id


def add(accounts, shop_id, name="texts", **given):
    given = {"whistle": SECRET, **given}
    return accounts.add(shop_id=shop_id, provider_name="pigeon", name=name, given=given, now=T0)


def test_it_is_opened_with_all_its_settings(shop_id):
    accounts = pigeons()
    add(accounts, shop_id)
    found = find_account(shop_id=shop_id, name="texts")
    settings = accounts.open(found).settings
    assert (settings["loft"], settings["whistle"]) == ("roof", SECRET)


def test_a_secret_is_stored_sealed_and_apart(shop_id):
    account = add(pigeons(), shop_id, loft="tower")
    assert account.settings == {"loft": "tower", "feedback_url": ""}
    with connection.cursor() as cursor:
        cursor.execute("SELECT provider_account::text FROM provider_account")
        [(text,)] = cursor.fetchall()
    assert SECRET not in text
    assert SECRET.encode().hex() not in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"whistle": "x", "sky": "blue"},
            "no setting 'sky'; there are: feedback_url, loft, whistle",
        ),
        ({"loft": "tower"}, "has to be told whistle: what they come to"),
        ({"whistle": "x", "loft": "burnt"}, "it burnt down"),
    ],
)
def test_what_cannot_be_opened_is_not_added(shop_id, given, said):
    with pytest.raises(BadSettings, match=said):
        pigeons().add(shop_id=shop_id, provider_name="pigeon", name="x", given=given, now=T0)
    assert queries.list_accounts(shop_id) == []


def test_a_provider_that_there_is_not_is_told_with_those_there_are(shop_id):
    with pytest.raises(BadSettings, match="'raven'; there are: pigeon"):
        pigeons().add(shop_id=shop_id, provider_name="raven", name="x", given={}, now=T0)


def test_a_name_is_taken_once_in_a_shop(shop_id):
    accounts = pigeons()
    add(accounts, shop_id)
    with pytest.raises(AccountExists):
        add(accounts, shop_id)
    add(accounts, make_world().shop_id)


def test_one_account_of_a_kind_is_in_use(shop_id):
    accounts = pigeons()
    first, second = add(accounts, shop_id, "first"), add(accounts, shop_id, "second")
    assert [one.id for one in queries.active_accounts(shop_id)] == [second.id]
    operations.use_account(first)
    assert [one.id for one in queries.active_accounts(shop_id)] == [first.id]
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderAccount.objects.filter(shop_id=shop_id).update(is_active=True)


def test_who_has_no_account_reaches_nobody_by_that_kind(shop_id):
    assert queries.recorded_only(shop_id) == {"sms", "letter"}
    account = add(pigeons(), shop_id)
    assert queries.recorded_only(shop_id) == {"letter"}
    operations.remove_account(account)
    assert queries.recorded_only(shop_id) == {"sms", "letter"}


def test_a_change_keeps_the_rest(shop_id):
    accounts = pigeons()
    account = add(accounts, shop_id)
    accounts.change(account, {"loft": "tower"}, now=T0)
    changed = find_account(shop_id=shop_id, name="texts")
    settings = accounts.open(changed).settings
    assert (settings["loft"], settings["whistle"]) == ("tower", SECRET)
    assert changed.version == account.version + 1
    with pytest.raises(BadSettings):
        accounts.change(changed, {"loft": "burnt"}, now=T0)


def test_with_the_key_lost_secrets_can_be_given_anew(shop_id):
    account = add(pigeons(), shop_id)
    others = pigeons()
    with pytest.raises(CannotOpen):
        others.open(account)
    with pytest.raises(CannotOpen):
        others.change(account, {"loft": "tower"}, now=T0)
    others.change(account, {"whistle": "new"}, now=T0)
    account.refresh_from_db()
    assert others.open(account).settings["whistle"] == "new"


def test_a_rotation_leaves_nothing_to_the_old_key(shop_id):
    old, new = key_file.new_key(), key_file.new_key()
    for world_id in (shop_id, make_world().shop_id):
        add(pigeons(old), world_id)
    assert pigeons(new, old).reseal() == 2
    for account in ProviderAccount.objects.all():
        assert pigeons(new).open(account).settings["whistle"] == SECRET
        with pytest.raises(CannotOpen):
            pigeons(old).open(account)


def test_no_account_of_another_shop_is_found(shop_id):
    add(pigeons(), make_world().shop_id, "theirs")
    add(pigeons(), shop_id, "ours")
    with pytest.raises(NoSuchAccount, match="there are: ours"):
        find_account(shop_id=shop_id, name="theirs")


def test_its_own_address_is_told_unless_another_one_was_named(shop_id):
    accounts = pigeons()
    account = add(accounts, shop_id)
    address = hook_url(account, load())
    assert "/hooks/feedback/" in address
    assert accounts.open(account).settings["feedback_url"] == address
    named = add(accounts, shop_id, "named", feedback_url="https://proxy.test/x")
    assert accounts.open(named).settings["feedback_url"] == "https://proxy.test/x"
