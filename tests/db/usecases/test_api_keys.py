"""Keys to the management API: shown once, stored as a hash, for one shop, revocable."""

import pytest

from ripresa.domain.shops.models import ApiKey
from ripresa.usecases.shops.api_keys import (
    NoSuchKey,
    NotAScope,
    add_api_key,
    find_api_key,
    revoke_api_key,
)
from tests.rows import T0, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop("wines", "Wines")


def make(shop, *scopes: str):
    return add_api_key(shop=shop, scopes=scopes or ("read",), label="a test", now=T0)


def test_opens_its_shop_for_its_scopes(shop):
    found = find_api_key(make(shop, "send", "read").text)
    assert found is not None
    assert (found.shop, found.scopes) == (shop, ["read", "send"])


def test_is_not_in_the_database(shop):
    secret = make(shop).text.rsplit("_", 1)[1]
    [row] = ApiKey.objects.values_list("id", "digest", "label", "scopes")
    assert secret not in str(row)
    assert len(row[1]) == 32


def test_the_wrong_secret_for_a_known_key_opens_nothing(shop):
    text = make(shop).text
    other = make(shop).text
    assert find_api_key(text[:-32] + other[-32:]) is None


def test_a_key_does_not_open_another_shop(shop):
    bikes = make_shop("bikes", "Bikes")
    text = make(shop).text
    assert find_api_key(text.replace(f"ak_{shop.id}_", f"ak_{bikes.id}_")) is None


@pytest.mark.parametrize(
    "text", ["", "ak_", "rk_1_aaaa", "ak_1_\x00", "ak_0_" + "0" * 32 + "_" + "a" * 32, "ё" * 80]
)
def test_what_is_no_key_opens_nothing(text, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert find_api_key(text) is None


def test_a_revoked_key_opens_nothing_and_is_revoked_once(shop):
    made = make(shop)
    revoke_api_key(shop_id=shop.id, key_id=made.key.id, now=T0)
    assert find_api_key(made.text) is None
    with pytest.raises(NoSuchKey):
        revoke_api_key(shop_id=shop.id, key_id=made.key.id, now=T0)


def test_nobody_revokes_a_key_of_another_shop(shop):
    made = make(shop)
    with pytest.raises(NoSuchKey):
        revoke_api_key(shop_id=make_shop("bikes", "Bikes").id, key_id=made.key.id, now=T0)
    assert find_api_key(made.text) is not None


@pytest.mark.parametrize("scopes", [(), ("admin",), ("read", "everything")])
def test_a_scope_is_one_of_a_closed_list(shop, scopes):
    with pytest.raises(NotAScope, match="read, write, send"):
        add_api_key(shop=shop, scopes=scopes, label="", now=T0)
