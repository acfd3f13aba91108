from django.db import migrations, models


class Migration(migrations.Migration):
    """The owner hears when somebody else reminds the shop's people of carts, too."""

    dependencies = [
        ("outbox", "0017_message_version"),
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
                            "own_reminders",
                        ],
                    )
                ),
                name="owner_notice_kind",
            ),
        ),
    ]
