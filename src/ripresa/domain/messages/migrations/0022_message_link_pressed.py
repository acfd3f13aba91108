"""The restore links that were followed on some days: found without reading those of all others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """One new index, laid beside the work that goes on."""

    atomic = False
    dependencies = [("outbox", "0021_message_link_click")]
    operations = [
        AddIndexConcurrently(
            model_name="messagelink",
            index=models.Index(
                fields=["shop", "used_at"],
                condition=models.Q(purpose="restore", used_at__isnull=False),
                name="message_link_pressed",
            ),
        ),
    ]
