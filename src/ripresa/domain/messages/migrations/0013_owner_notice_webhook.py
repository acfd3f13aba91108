from django.db import migrations, models


class Migration(migrations.Migration):
    """The owner hears of an endpoint that was switched off."""

    dependencies = [
        ("outbox", "0012_tracking"),
        ("shops", "0010_receivers_at"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ownernotice",
            name="owner_notice_kind",
        ),
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
                            "account",
                            "campaign",
                            "webhook",
                        ],
                    )
                ),
                name="owner_notice_kind",
            ),
        ),
    ]
