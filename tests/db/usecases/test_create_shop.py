"""A shop's short name stands in its addresses, so it must be able to."""

from datetime import UTC, datetime

import pytest

from ripresa.domain.shops.models import AccessKey, Shop
from ripresa.usecases.shops.change_shop import change_shop
from ripresa.usecases.shops.create_shop import (
    NotASetting,
    NotASlug,
    ShopExists,
    create_shop,
    create_user,
)

NOW = datetime(2026, 10, 3, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "slug", ["login", "r", "", "Ada", "a b", "-a", "a--b", "ä", "a/b", "x" * 61]
)
def test_a_name_that_can_not_be_an_address_is_refused_and_nothing_is_made(slug):
    with pytest.raises(NotASlug):
        create_shop(slug=slug, name="Ada", now=NOW)
    assert not Shop.objects.exists()


@pytest.mark.django_db
def test_a_shop_has_a_secret_and_a_public_key_and_knows_its_own_host():
    made = create_shop(slug="ada-2", name="Ada", now=NOW, store_url="https://shop.ada.test/it")
    assert made.shop.hosts == ["shop.ada.test"]
    assert made.secret_key.startswith(f"rk_{made.shop.id}_")
    assert made.public_key.startswith(f"pk_{made.shop.id}_")
    assert sorted(AccessKey.objects.values_list("kind", flat=True)) == ["public", "secret"]
    with pytest.raises(ShopExists):
        create_shop(slug="ada-2", name="Another", now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "setting",
    [
        {"currency": "EURO"},
        {"currency": "XXZ"},
        {"timezone": "Europe/Rom"},
        {"timezone": "../etc/passwd"},
        {"country": "ITA"},
        {"language": "xx"},
        {"language": "italiano"},
        {"store_url": "shop.test"},
        {"owner_email": "nobody"},
    ],
)
def test_what_would_break_later_is_refused_when_it_is_said(setting):
    with pytest.raises(NotASetting, match="write"):
        create_shop(slug="ada", name="Ada", now=NOW, **setting)
    assert not Shop.objects.exists()
    made = create_shop(slug="ada", name="Ada", now=NOW)
    with pytest.raises(NotASetting):
        change_shop(shop_id=made.shop.id, now=NOW, **setting)


@pytest.mark.django_db
def test_the_first_owner_hears_what_the_shop_must_know():
    shop = create_shop(slug="ada", name="Ada", now=NOW).shop
    for email, role in [("m@ada.test", "marketer"), ("Ada@ada.test", "owner"), ("b@ada.test", "owner")]:  # fmt: skip
        create_user(email=email, password="Correct-Horse-7", shop=shop, role=role, now=NOW)
    shop.refresh_from_db()
    assert shop.owner_email == "ada@ada.test"
    change_shop(shop_id=shop.id, now=NOW, owner_email="office@ada.test")
    shop.refresh_from_db()
    assert shop.owner_email == "office@ada.test"
