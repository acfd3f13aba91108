from django.db import migrations, models


class Migration(migrations.Migration):
    """How many steps to the customer a branch of a scenario may have (SCN-1)."""

    dependencies = [("shops", "0004_coupon_gap")]

    operations = [
        migrations.AddField(
            model_name="shop",
            name="max_steps",
            field=models.IntegerField(db_default=4),
        ),
    ]
