from django.db import migrations, models


class Migration(migrations.Migration):
    """When it was last looked whether a shop goes quiet."""

    dependencies = [("shops", "0013_shadow")]

    operations = [migrations.AddField("shop", "watched_at", models.DateTimeField(null=True))]
