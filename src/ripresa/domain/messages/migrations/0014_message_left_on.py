from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find what left on a day, for the figures; built beside the work that goes on."""

    atomic = False
    dependencies = [("outbox", "0013_owner_notice_webhook")]

    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(
                condition=models.Q(state__in=["sent", "unknown"]),
                fields=["shop", "handed_over_at"],
                name="message_left_on",
            ),
        ),
    ]
