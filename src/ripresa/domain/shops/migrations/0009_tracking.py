from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether a shop's mails tell of clicks and opens: they don't, until somebody says so."""

    dependencies = [("shops", "0008_retention")]

    operations = [
        migrations.AddField(
            "shop", "track_clicks", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField(
            "shop", "track_opens", models.BooleanField(default=False, db_default=False)
        ),
    ]
