"""Add sms_errand: answers to HELP, and numbers for the provider's own list."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("providers", "0003_mailbox_kind")]
    operations = [
        migrations.CreateModel(
            name="SmsErrand",
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
                ("topic", models.TextField()),
                ("phone", models.TextField()),
                ("is_on", models.BooleanField(default=True)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
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
                "db_table": "sms_errand",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["shop", "topic", "phone"], name="sms_errand_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(topic__in=["help", "suppression"]),
                        name="sms_errand_topic",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["due_at"],
                        condition=models.Q(due_at__isnull=False),
                        name="sms_errand_due_anywhere",
                    ),
                ],
            },
        ),
    ]
