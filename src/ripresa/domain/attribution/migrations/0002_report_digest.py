"""Add report_digest: who wants figures by mail, and since when none is due."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [
        ("attribution", "0001_tables"),
        ("shops", "0015_popup"),
    ]

    operations = [
        migrations.CreateModel(
            name="DigestWish",
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
                ("user_id", models.BigIntegerField()),
                ("every", models.TextField()),
                ("language", models.TextField()),
                ("next_at", models.DateTimeField()),
                ("told_until", models.DateField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
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
                "db_table": "report_digest",
                "indexes": [models.Index(fields=["next_at"], name="report_digest_due_anywhere")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "user_id"), name="report_digest_once"),
                    models.CheckConstraint(
                        condition=models.Q(("every__in", ["week", "month"])),
                        name="report_digest_every",
                    ),
                ],
            },
        ),
    ]
