"""Lay the composite foreign keys: no row can point into another shop."""

from django.db import migrations

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """References of the carts slice."""

    dependencies = [("carts", "0001_tables")]
    operations = [
        LayTenantReferences(
            [
                ("cart", "contact_id", "contact"),
                ("abandonment", "cart_id", "cart"),
                ("shop_order", "contact_id", "contact"),
                ("order_key", "order_id", "shop_order"),
            ]
        ),
    ]
