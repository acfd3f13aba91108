"""When a shop's receivers were last judged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column that is empty so far."""

    dependencies = [("shops", "0009_tracking")]
    operations = [migrations.AddField("shop", "receivers_at", models.DateTimeField(null=True))]
