import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the owner of a shop has to know, and whether it was mailed."""

    dependencies = [("outbox", "0003_message_language_and_coupon"), ("shops", "0001_tables")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="OwnerNotice",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                ("id", models.UUIDField()),
                ("kind", models.TextField()),
                ("about", models.TextField()),
                ("cause", models.TextField()),
                ("scenario_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("mailed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "owner_notice",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["coupons", "credit", "sender", "failures", "refused"])
                        ),
                        name="owner_notice_kind",
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="owner_notice_due_anywhere",
                    )
                ],
            },
        ),
    ]
