from django.db import migrations, models


class Migration(migrations.Migration):
    """Note the provider account by which a message left; the owner hears of one that is held."""

    dependencies = [("outbox", "0006_message_hour")]

    operations = [
        migrations.AddField("message", "account_id", models.UUIDField(null=True)),
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
                            "account",
                        ],
                    )
                ),
                name="owner_notice_kind",
            ),
        ),
    ]
