from django.db import migrations, models


class Migration(migrations.Migration):
    """The pop-up of the storefront script."""

    dependencies = [("shops", "0014_watched_at")]

    operations = [migrations.AddField("shop", "popup", models.JSONField(null=True))]
