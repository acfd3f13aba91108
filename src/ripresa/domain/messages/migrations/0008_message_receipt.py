from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find a message by its provider's word for it; built beside the work that goes on."""

    atomic = False
    dependencies = [("outbox", "0007_message_account")]

    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(
                condition=models.Q(account_id__isnull=False, state="sent"),
                fields=["shop", "account_id", "receipt"],
                name="message_receipt",
            ),
        ),
    ]
