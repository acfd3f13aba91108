from django.db import migrations, models


class Migration(migrations.Migration):
    """Shadow mode: all is decided and nothing leaves."""

    dependencies = [("shops", "0012_help_contact")]

    operations = [
        migrations.AddField("shop", "shadow_since", models.DateTimeField(null=True)),
        migrations.AddField("shop", "shadow_until", models.DateTimeField(null=True)),
    ]
