"""Add scenario_draft: a scenario file that somebody is still writing."""

import django.db.models.deletion
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("scenarios", "0006_manual_send")]
    operations = [
        migrations.CreateModel(
            name="ScenarioDraft",
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
                ("scenario_id", models.UUIDField(null=True)),
                ("name", models.TextField()),
                ("text", models.TextField()),
                ("saved_by", models.TextField()),
                ("saved_at", models.DateTimeField()),
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
                    "scenario",
                    models.ForeignObject(
                        from_fields=("shop_id", "scenario_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="scenarios.scenario",
                        to_fields=("shop_id", "id"),
                    ),
                ),
            ],
            options={
                "db_table": "scenario_draft",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["shop", "scenario_id"], name="scenario_draft_once"
                    ),
                ],
            },
        ),
        LayTenantReferences([("scenario_draft", "scenario_id", "scenario")]),
    ]
