"""A campaign may speak of no cart; and it may pause itself, which its owner hears."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What is stored stays as it is: every message has its cart, and may from now on have none."""

    dependencies = [("outbox", "0008_message_receipt")]

    operations = [
        migrations.AlterField(
            model_name="message", name="cart_id", field=models.UUIDField(null=True)
        ),
        migrations.RemoveConstraint(model_name="ownernotice", name="owner_notice_kind"),
        migrations.AddConstraint(
            model_name="ownernotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "coupons",
                        "coupons_low",
                        "credit",
                        "sender",
                        "failures",
                        "refused",
                        "volume",
                        "account",
                        "campaign",
                    ]
                ),
                name="owner_notice_kind",
            ),
        ),
    ]
