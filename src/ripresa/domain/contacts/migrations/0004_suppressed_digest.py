"""Add suppressed_digest and suppression_change: hashed lists, and who changed the list by hand."""

import django.db.models.deletion
from django.db import migrations, models


def _shop() -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="shops.shop",
    )


def _key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(
        *names, blank=True, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    """Two new tables: nothing reads them before their release."""

    dependencies = [("contacts", "0003_consent_word")]
    operations = [
        migrations.CreateModel(
            name="SuppressedDigest",
            fields=[
                ("pk", _key("shop_id", "channel", "digest")),
                ("channel", models.TextField()),
                ("digest", models.BinaryField()),
                ("cause", models.TextField()),
                ("detail", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
                ("shop", _shop()),
            ],
            options={"db_table": "suppressed_digest"},
        ),
        migrations.CreateModel(
            name="SuppressionChange",
            fields=[
                ("pk", _key("shop_id", "id")),
                ("id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("why", models.TextField(default="")),
                ("action", models.TextField()),
                ("channel", models.TextField()),
                ("address", models.TextField()),
                ("cause", models.TextField()),
                ("shop", _shop()),
            ],
            options={
                "db_table": "suppression_change",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(action__in=["added", "removed"]),
                        name="suppression_change_action",
                    ),
                ],
            },
        ),
    ]
