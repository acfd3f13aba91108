from django.db import migrations, models


def _of_kind(*kinds: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(("kind__in", list(kinds))), name="owner_notice_kind"
    )


class Migration(migrations.Migration):
    """The owner hears of a pool of coupons that runs low, before it is used up (CPN-4)."""

    dependencies = [("outbox", "0004_owner_notice")]

    operations = [
        migrations.RemoveConstraint(model_name="ownernotice", name="owner_notice_kind"),
        migrations.AddConstraint(
            model_name="ownernotice",
            constraint=_of_kind(
                "coupons", "coupons_low", "credit", "sender", "failures", "refused"
            ),
        ),
    ]
