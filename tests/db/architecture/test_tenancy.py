"""Promise 6: every row has its shop, every key begins with it, no row can point into another shop."""

import psycopg
import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import isolate_apps

from ripresa.core.tenancy import tenant_reference
from tests.db.architecture.tenancy import breaches, tenant_tables
from tests.rows import T0, make_cart, make_contact, make_shop

pytestmark = pytest.mark.django_db


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_no_table_mixes_shops():
    assert breaches(connection) == []
    assert len(tenant_tables(connection)) > 20


_GOOD = "shop_id bigint NOT NULL REFERENCES shop, id uuid NOT NULL"


@pytest.mark.parametrize(
    ("statement", "breach"),
    [
        ("CREATE TABLE bad (id uuid PRIMARY KEY)", "bad: has no shop_id"),
        ("CREATE TABLE bad (shop_id bigint REFERENCES shop)", "bad: shop_id may be null"),
        (f"CREATE TABLE bad ({_GOOD})", "bad: has no primary key"),
        (
            f"CREATE TABLE bad ({_GOOD}, PRIMARY KEY (id, shop_id))",
            "bad: index bad_pkey does not begin with shop_id",
        ),
        (
            f"CREATE TABLE bad ({_GOOD}, name text UNIQUE, PRIMARY KEY (shop_id, id))",
            "bad: index bad_name_key does not begin with shop_id",
        ),
        (
            "CREATE UNIQUE INDEX bad ON cart (lower(token), shop_id)",
            "cart: index bad does not begin with shop_id",
        ),
        ("CREATE INDEX bad ON cart (left_at)", "cart: index bad does not begin with shop_id"),
        (
            "CREATE INDEX bad ON cart (shop_id)",
            "cart: index bad repeats what the primary key begins with",
        ),
        (
            "CREATE TABLE bad (shop_id bigint, id uuid, PRIMARY KEY (shop_id, id))",
            "bad: shop_id is no foreign key",
        ),
        (
            "ALTER TABLE membership ADD CONSTRAINT bad FOREIGN KEY (user_id) REFERENCES auth_user",
            "membership: bad leads to auth_user, which is no table of a shop",
        ),
        (
            """ALTER TABLE recovery ADD CONSTRAINT bad FOREIGN KEY (shop_id, cart_id)
            REFERENCES cart (shop_id, id) ON DELETE SET NULL""",
            "recovery: bad sets null on delete, which would empty shop_id as well",
        ),
        (
            "ALTER TABLE message DROP CONSTRAINT message_contact_id_in_shop",
            "message: contact has no foreign key in the database",
        ),
        (
            """CREATE TABLE auth_bad (shop bigint, cart uuid,
            CONSTRAINT bad FOREIGN KEY (shop, cart) REFERENCES cart (shop_id, id))""",
            "auth_bad: bad points into a shop from outside",
        ),
    ],
)
def test_a_table_that_mixes_shops_is_found(statement, breach):
    _execute(statement)
    assert breach in breaches(connection)


@isolate_apps("ripresa.domain.carts")
def test_a_relation_by_one_column_alone_is_no_tenant_reference():
    class Odd(models.Model):
        shop = models.ForeignKey("shops.Shop", models.DO_NOTHING)
        cart_id = models.UUIDField()
        cart = tenant_reference("carts.Cart", "cart_id")

        class Meta:
            app_label = "carts"

    assert Odd._meta.get_field("cart").from_fields == ("shop_id", "cart_id")


def test_a_row_cannot_point_into_another_shop():
    wines, bikes = make_shop("wines", "Wines"), make_shop("bikes", "Bikes")
    dans_buyer = make_contact(bikes, "ben@mail.test")
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        make_cart(wines, dans_buyer, left_at=T0)
    assert isinstance(refusal.value.__cause__, psycopg.errors.ForeignKeyViolation)
