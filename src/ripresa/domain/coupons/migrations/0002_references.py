"""Lay the composite foreign keys: no row can point into another shop."""

from django.db import migrations

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """References of the coupons slice."""

    dependencies = [("coupons", "0001_tables"), ("contacts", "0002_references")]
    operations = [
        LayTenantReferences(
            [
                ("coupon_code", "pool_id", "coupon_pool"),
                ("coupon_issue", "pool_id", "coupon_pool"),
                ("coupon_issue", "code_id", "coupon_code"),
                ("coupon_issue", "contact_id", "contact"),
            ]
        ),
    ]
