"""For how long a shop keeps what."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns: the defaults hold until somebody says otherwise."""

    dependencies = [("shops", "0007_consent_settings")]
    operations = [
        migrations.AddField("shop", "retention", models.JSONField(default=dict)),
        migrations.AddField("shop", "tidied_at", models.DateTimeField(null=True)),
    ]
