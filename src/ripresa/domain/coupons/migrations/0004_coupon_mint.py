"""Pools whose codes the shop makes."""

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """One new table."""

    dependencies = [
        ("shops", "0001_tables"),
        ("coupons", "0003_coupon_code_vacuum"),
        ("connections", "0001_tables"),
    ]
    operations = [
        migrations.CreateModel(
            name="CouponMint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField()),
                ("pool_id", models.UUIDField()),
                ("connection_id", models.UUIDField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=12)),
                ("is_percent", models.BooleanField()),
                ("currency", models.CharField(max_length=3)),
                ("minimum", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("valid_for", models.DurationField(null=True)),
                ("ahead", models.IntegerField()),
                ("prefix", models.TextField(default="")),
                ("drawn", ArrayField(base_field=models.TextField(), default=list, size=None)),
                ("drawn_until", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("trouble", models.TextField(default="")),
                (
                    "pool",
                    models.ForeignObject(
                        from_fields=("shop_id", "pool_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="coupons.couponpool",
                        to_fields=("shop_id", "id"),
                    ),
                ),
                (
                    "connection",
                    models.ForeignObject(
                        from_fields=("shop_id", "connection_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="connections.connection",
                        to_fields=("shop_id", "id"),
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
            options={
                "db_table": "coupon_mint",
                "indexes": [models.Index(fields=["due_at"], name="coupon_mint_due_anywhere")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "pool_id"), name="coupon_mint_once_per_pool"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(ahead__gte=1, value__gt=0),
                        name="coupon_mint_makes_something",
                    ),
                ],
            },
        ),
        LayTenantReferences(
            [
                ("coupon_mint", "pool_id", "coupon_pool"),
                ("coupon_mint", "connection_id", "connection"),
            ]
        ),
    ]
