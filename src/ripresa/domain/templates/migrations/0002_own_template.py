"""Add own_template: what a shop says in its own words."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("templates", "0001_tables")]
    operations = [
        migrations.CreateModel(
            name="OwnTemplate",
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
                ("name", models.TextField()),
                ("document", models.JSONField()),
                ("undo", models.JSONField(default=list)),
                ("revision", models.IntegerField(default=1)),
                ("changed_by", models.TextField()),
                ("changed_at", models.DateTimeField()),
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
                "db_table": "own_template",
                "constraints": [
                    models.UniqueConstraint(fields=["shop", "name"], name="own_template_once"),
                ],
            },
        ),
    ]
