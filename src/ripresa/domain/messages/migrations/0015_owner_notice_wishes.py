from django.db import migrations, models


class Migration(migrations.Migration):
    """The owner hears of what a platform asks by law."""

    dependencies = [
        ("outbox", "0014_message_left_on"),
        ("shops", "0012_help_contact"),
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
                        ],
                    )
                ),
                name="owner_notice_kind",
            ),
        ),
    ]
