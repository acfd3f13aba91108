from django.db import migrations, models


class Migration(migrations.Migration):
    """Public keys are kept as they are: they stand in the shop's pages, and can be shown again."""

    dependencies = [("shops", "0015_popup")]

    operations = [
        migrations.AddField("accesskey", "text", models.TextField(default="", db_default="")),
    ]
