"""Which messages brought somebody back by their link: found without reading the links of all others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """One new index, laid beside the work that goes on."""

    atomic = False
    dependencies = [("outbox", "0019_merge_source")]
    operations = [
        AddIndexConcurrently(
            model_name="messagelink",
            index=models.Index(
                fields=["shop", "message_id"],
                condition=models.Q(purpose="restore", used_at__isnull=False),
                name="message_link_followed",
            ),
        ),
    ]
