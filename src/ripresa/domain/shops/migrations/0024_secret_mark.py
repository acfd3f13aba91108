from django.db import migrations, models


class Migration(migrations.Migration):
    """By which secret the install goes: asked after a restore."""

    dependencies = [("shops", "0023_own_bases")]

    operations = [migrations.AddField("install", "secret_mark", models.TextField(null=True))]
