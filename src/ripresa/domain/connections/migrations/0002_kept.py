"""What a connector had us keep, and whose turn it is to renew it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns that are empty so far."""

    dependencies = [("connections", "0001_tables")]
    operations = [
        migrations.AddField("connection", "kept", models.BinaryField(null=True)),
        migrations.AddField("connection", "renewing_until", models.DateTimeField(null=True)),
    ]
