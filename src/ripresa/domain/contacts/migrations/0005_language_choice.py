"""Add language_choice: the language a person chose herself."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("contacts", "0004_suppressed_digest")]
    operations = [
        migrations.CreateModel(
            name="LanguageChoice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.TextField()),
                ("language", models.TextField()),
                ("chosen_at", models.DateTimeField()),
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
            options={"db_table": "language_choice"},
        ),
    ]
