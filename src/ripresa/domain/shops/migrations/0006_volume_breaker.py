"""Why a shop is stopped, and how many messages an hour are too many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Three columns that the volume breaker needs; a shop as it stands has its automatic limit."""

    dependencies = [("shops", "0005_shop_max_steps")]
    operations = [
        migrations.AddField("shop", "stopped_reason", models.TextField(db_default="", default="")),
        migrations.AddField("shop", "volume_limit", models.IntegerField(null=True)),
        migrations.AddField("shop", "volume_confirmed_until", models.DateTimeField(null=True)),
    ]
