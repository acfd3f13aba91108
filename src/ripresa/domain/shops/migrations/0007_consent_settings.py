"""A shop's choices about consent: coupled channels, double opt-in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns whose defaults are what was so far."""

    dependencies = [("shops", "0006_volume_breaker")]
    operations = [
        migrations.AddField(
            "shop", "couple_channels", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField(
            "shop",
            "confirm_consent",
            models.TextField(default="by_country", db_default="by_country"),
        ),
        migrations.AddConstraint(
            "shop",
            models.CheckConstraint(
                condition=models.Q(confirm_consent__in=["by_country", "always", "never"]),
                name="shop_confirm_consent",
            ),
        ),
    ]
