"""A shop's short name stands in its addresses, so it must be able to."""

from datetime import UTC, datetime

import pytest

from ripresa.domain.shops.models import AccessKey, Shop
from ripresa.usecases.create_shop import NotASlug, ShopExists, create_shop

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
