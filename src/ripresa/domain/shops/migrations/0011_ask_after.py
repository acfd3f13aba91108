"""How long a platform may be silent until it is asked before messages leave."""

from datetime import timedelta

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column with a default; nothing is rewritten."""

    dependencies = [("shops", "0010_receivers_at")]
    operations = [
        migrations.AddField(
            "shop",
            "ask_after",
            models.DurationField(
                null=True, default=timedelta(minutes=15), db_default=timedelta(minutes=15)
            ),
        )
    ]
