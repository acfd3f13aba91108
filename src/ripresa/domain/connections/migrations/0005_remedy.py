"""What helps where a shop can't be asked: a word of a closed list beside the sentence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column more; what stands there already gets its word when the shop is asked next."""

    dependencies = [("connections", "0004_connection_gap")]
    operations = [
        migrations.AddField(
            model_name="connection",
            name="remedy",
            field=models.TextField(db_default="", default=""),
        ),
    ]
