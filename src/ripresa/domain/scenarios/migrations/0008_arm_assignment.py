"""Add arm_assignment: in which arm of a test a person is, drawn once."""

import django.db.models.deletion
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("scenarios", "0007_scenario_draft")]
    operations = [
        migrations.CreateModel(
            name="ArmAssignment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "scenario_id",
                        "test",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("scenario_id", models.UUIDField()),
                ("test", models.TextField()),
                ("key", models.TextField()),
                ("arm", models.TextField()),
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
            options={"db_table": "arm_assignment"},
        ),
        LayTenantReferences([("arm_assignment", "scenario_id", "scenario")]),
    ]
