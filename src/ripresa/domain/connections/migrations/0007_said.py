"""Of what sentences about a shop are made, beside them: so people read them in their language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns more; what was said before stays English until it is said again."""

    dependencies = [("connections", "0006_behind")]
    operations = [
        migrations.AddField(
            model_name=name,
            name="said",
            field=models.JSONField(db_default={}, default=dict),
        )
        for name in ("connection", "backfill")
    ]
