from django.db import migrations, models


class Migration(migrations.Migration):
    """Where a shop's people are found, for those who write HELP."""

    dependencies = [("shops", "0011_ask_after")]

    operations = [
        migrations.AddField("shop", "help_contact", models.TextField(default="", db_default="")),
    ]
