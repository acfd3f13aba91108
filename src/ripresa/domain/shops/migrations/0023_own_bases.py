from django.db import migrations, models


class Migration(migrations.Migration):
    """What a shop asks beyond the legal presets."""

    dependencies = [("shops", "0022_features")]

    operations = [
        migrations.AddField("shop", "own_bases", models.JSONField(default=list, db_default=[])),
    ]
