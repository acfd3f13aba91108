"""Add consent_word, the history of consent; what a page says waits for confirmation."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table, two columns that are empty so far, and one more state."""

    dependencies = [("contacts", "0002_references")]
    operations = [
        migrations.AddField("consentclaim", "version", models.TextField(default="", db_default="")),
        migrations.AddField("consentclaim", "ip", models.TextField(default="", db_default="")),
        migrations.RemoveConstraint("consentclaim", "consent_claim_state"),
        migrations.AddConstraint(
            "consentclaim",
            models.CheckConstraint(
                condition=models.Q(state__in=["granted", "denied", "pending"]),
                name="consent_claim_state",
            ),
        ),
        migrations.CreateModel(
            name="ConsentWord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "key",
                        "channel",
                        "event_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.TextField()),
                ("channel", models.TextField()),
                ("event_id", models.TextField()),
                ("state", models.TextField()),
                ("proven", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("source", models.TextField(default="")),
                ("text", models.TextField(default="")),
                ("version", models.TextField(default="")),
                ("ip", models.TextField(default="")),
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
            options={
                "db_table": "consent_word",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(state__in=["granted", "denied", "pending"]),
                        name="consent_word_state",
                    ),
                ],
            },
        ),
    ]
