from django.db import migrations, models


class Migration(migrations.Migration):
    """An address may rest for a while, after soft bounces."""

    dependencies = [("contacts", "0005_language_choice")]

    operations = [
        migrations.AddField("suppression", "until", models.DateTimeField(null=True)),
    ]
