import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a letter costs, and what it said block by block."""

    dependencies = [("outbox", "0009_message_without_cart"), ("shops", "0006_volume_breaker")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="cost_currency",
            field=models.CharField(max_length=3, null=True),
        ),
        migrations.AddField(
            model_name="message", name="cost_minor", field=models.BigIntegerField(null=True)
        ),
        migrations.CreateModel(
            name="MessageLetter",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField()),
                ("content", models.JSONField()),
                ("address_lines", models.JSONField()),
                ("dated_on", models.DateField()),
                ("code", models.TextField()),
                ("pages", models.SmallIntegerField()),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
            options={
                "db_table": "message_letter",
                "indexes": [models.Index(fields=["shop", "code"], name="message_letter_code")],
            },
        ),
    ]
