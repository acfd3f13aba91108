"""Add consent_request: who is asked to confirm a yes that a page took down."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("contacts", "0007_tombstone")]
    operations = [
        migrations.CreateModel(
            name="ConsentRequest",
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
                ("key", models.TextField()),
                ("requested_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
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
                "db_table": "consent_request",
                "constraints": [
                    models.UniqueConstraint(fields=["shop", "key"], name="consent_request_once"),
                ],
                "indexes": [
                    models.Index(
                        fields=["due_at"],
                        condition=models.Q(due_at__isnull=False),
                        name="consent_request_due_anywhere",
                    ),
                ],
            },
        ),
    ]
