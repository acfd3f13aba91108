"""Add scenario_replay: what a draft would have done to the shop's own carts, worked out in the background."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("scenarios", "0008_arm_assignment")]
    operations = [
        migrations.CreateModel(
            name="ScenarioReplay",
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
                ("draft_id", models.UUIDField()),
                ("name", models.TextField()),
                ("plan", models.JSONField()),
                ("days", models.IntegerField()),
                ("asked_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("state", models.TextField(default="running")),
                ("trouble", models.TextField(default="")),
                ("tries", models.IntegerField(default=0)),
                ("done", models.BigIntegerField(default=0)),
                ("of", models.BigIntegerField(default=0)),
                ("result", models.JSONField(default=dict)),
                ("ended_at", models.DateTimeField(null=True)),
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
                "db_table": "scenario_replay",
                "indexes": [
                    models.Index(fields=["shop", "draft_id"], name="scenario_replay_draft"),
                    models.Index(
                        condition=models.Q(("state", "running")),
                        fields=["state"],
                        name="scenario_replay_anywhere",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "failed", "done"])),
                        name="scenario_replay_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("trouble__in", ["", "too_long", "broke_down"])),
                        name="scenario_replay_trouble",
                    ),
                ],
            },
        ),
    ]
