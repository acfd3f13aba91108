from django.db import migrations, models


class Migration(migrations.Migration):
    """A shop's own hours and holidays."""

    dependencies = [("shops", "0020_makers_of_keys")]

    operations = [
        migrations.AddField("shop", "hours", models.JSONField(default=dict, db_default={})),
    ]
