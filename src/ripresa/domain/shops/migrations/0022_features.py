from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a shop does not use, by its own choice or by that of the install."""

    dependencies = [("shops", "0021_hours")]

    operations = [
        migrations.AddField(
            "shop", name, ArrayField(models.TextField(), default=list, db_default=[])
        )
        for name in ("features_off", "features_withheld")
    ]
