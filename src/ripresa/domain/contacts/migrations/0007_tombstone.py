"""Add tombstone, what is left of people who were erased, and when a contact was."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table and a column that is empty so far."""

    dependencies = [("contacts", "0006_suppression_until")]
    operations = [
        migrations.AddField("contact", "erased_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "key_hash",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key_hash", models.BinaryField()),
                ("erased_at", models.DateTimeField()),
                ("by", models.TextField(default="")),
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
            options={"db_table": "tombstone"},
        ),
    ]
