import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Count by hour what leaves each shop: what the volume breaker goes by."""

    dependencies = [
        ("outbox", "0005_owner_notice_coupons_low"),
        ("shops", "0006_volume_breaker"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="ownernotice", name="owner_notice_kind"),
        migrations.AddConstraint(
            model_name="ownernotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "coupons",
                            "coupons_low",
                            "credit",
                            "sender",
                            "failures",
                            "refused",
                            "volume",
                        ],
                    )
                ),
                name="owner_notice_kind",
            ),
        ),
        migrations.CreateModel(
            name="MessageHour",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "hour",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("handed_over", models.IntegerField()),
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
                "db_table": "message_hour",
            },
        ),
    ]
