"""Add redo to own_template: what was taken back can be done again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("templates", "0003_brand_and_saved_blocks")]

    operations = [
        migrations.AddField(
            model_name="owntemplate",
            name="redo",
            field=models.JSONField(default=list),
        ),
    ]
