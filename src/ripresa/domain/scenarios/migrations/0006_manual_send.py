"""Add manual_send: what somebody sends by hand, one message each."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("carts", "0002_references"), ("scenarios", "0005_scenario_ended")]
    operations = [
        migrations.CreateModel(
            name="ManualSend",
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
                ("cart_id", models.UUIDField()),
                ("asked_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                (
                    "overrides",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("plan", models.JSONField()),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "cart",
                    models.ForeignObject(
                        from_fields=("shop_id", "cart_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="carts.cart",
                        to_fields=("shop_id", "id"),
                    ),
                ),
            ],
            options={
                "db_table": "manual_send",
                "indexes": [models.Index(fields=["shop", "cart_id"], name="manual_send_cart")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(overrides__contained_by=["caps", "quiet_hours"]),
                        name="manual_send_overrides",
                    ),
                ],
            },
        ),
        LayTenantReferences([("manual_send", "cart_id", "cart")]),
    ]
