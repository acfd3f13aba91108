"""Gaps that asking a shop has found and filled."""

import django.db.models.deletion
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """One new table."""

    dependencies = [("shops", "0001_tables"), ("connections", "0003_registering_and_history")]
    operations = [
        migrations.CreateModel(
            name="ConnectionGap",
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
                ("connection_id", models.UUIDField()),
                ("found_at", models.DateTimeField()),
                ("way", models.TextField()),
                ("since", models.DateTimeField()),
                ("events", models.IntegerField()),
                ("by_type", models.JSONField()),
                ("earliest_at", models.DateTimeField()),
                ("latest_at", models.DateTimeField()),
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
                "db_table": "connection_gap",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "connection_id", "found_at", "way"),
                        name="connection_gap_once",
                    ),
                ],
            },
        ),
        LayTenantReferences([("connection_gap", "connection_id", "connection")]),
    ]
