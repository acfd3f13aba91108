from django.db import migrations, models


class Migration(migrations.Migration):
    """Where the tracked links of a message lead; and what was seen and not judged yet."""

    dependencies = [
        ("outbox", "0011_message_feedback"),
        ("shops", "0009_tracking"),
    ]

    operations = [
        migrations.AddField(
            model_name="messagecontent",
            name="urls",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddIndex(
            model_name="messagefeedback",
            index=models.Index(
                condition=models.Q(
                    ("kind__in", ["opened", "clicked"]),
                    ("message_id__isnull", False),
                    ("verdict__isnull", True),
                ),
                fields=["shop", "id"],
                name="feedback_unjudged",
            ),
        ),
    ]
