from django.db import migrations, models


class Migration(migrations.Migration):
    """The owner hears when a shop goes quiet, and when it is over."""

    dependencies = [
        ("outbox", "0015_owner_notice_wishes"),
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
                            "data_request",
                            "data_request_nobody",
                            "shop_erasure_refused",
                            "quiet",
                            "quiet_over",
                        ],
                    )
                ),
                name="owner_notice_kind",
            ),
        ),
    ]
