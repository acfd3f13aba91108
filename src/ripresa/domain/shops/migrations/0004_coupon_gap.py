from django.db import migrations, models


class Migration(migrations.Migration):
    """How long after a coupon the same person gets no new one (CPN-5)."""

    dependencies = [("shops", "0003_api_key")]

    operations = [
        migrations.AddField(
            model_name="shop",
            name="coupon_gap",
            field=models.DurationField(null=True),
        ),
    ]
