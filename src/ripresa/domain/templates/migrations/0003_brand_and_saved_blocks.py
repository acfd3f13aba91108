"""Add brand_kit and saved_block: what the own templates of a shop share."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shops", "0015_popup"),
        ("templates", "0002_own_template"),
    ]

    operations = [
        migrations.CreateModel(
            name="BrandKit",
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
                ("name", models.TextField(default="usual")),
                ("brand", models.JSONField()),
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
                "db_table": "brand_kit",
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "name"), name="brand_kit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedBlock",
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
                ("block", models.JSONField()),
                ("words", models.JSONField(default=dict)),
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
            ],
            options={
                "db_table": "saved_block",
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "name"), name="saved_block_once")
                ],
            },
        ),
    ]
