from django.db import migrations, models


class Migration(migrations.Migration):
    """Invitations, when a key was used, and two rules that a shop may make. Nothing is rewritten."""

    dependencies = [("shops", "0016_page_keys")]

    operations = [
        migrations.AddField("membership", "invited_at", models.DateTimeField(null=True)),
        migrations.AddField("apikey", "used_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "shop", "second_factor", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField(
            "shop", "second_person", models.BooleanField(default=False, db_default=False)
        ),
    ]
