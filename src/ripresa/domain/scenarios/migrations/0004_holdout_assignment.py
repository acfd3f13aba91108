"""Add holdout_assignment: who gets nothing from a scenario, drawn once a person."""

import django.db.models.deletion
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("scenarios", "0003_plan_branches")]
    operations = [
        migrations.CreateModel(
            name="HoldoutAssignment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "scenario_id",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("scenario_id", models.UUIDField()),
                ("key", models.TextField()),
                ("is_held_out", models.BooleanField()),
                ("assigned_at", models.DateTimeField()),
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
            options={"db_table": "holdout_assignment"},
        ),
        LayTenantReferences([("holdout_assignment", "scenario_id", "scenario")]),
    ]
