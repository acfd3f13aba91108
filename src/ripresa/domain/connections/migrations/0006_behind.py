"""How far a shop's clock is behind ours: it is asked by its own."""

from datetime import timedelta

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column more; all clocks are right until they are looked at."""

    dependencies = [("connections", "0005_remedy")]
    operations = [
        migrations.AddField(
            model_name="connection",
            name="behind",
            field=models.DurationField(db_default=timedelta(0), default=timedelta(0)),
        ),
    ]
