from django.db import migrations, models


class Migration(migrations.Migration):
    """Mails that were kept for a look are found again, to be forgotten. The table has no rows to speak of yet."""

    dependencies = [("mailroom", "0001_tables")]

    operations = [
        migrations.AddIndex(
            "receivedmail",
            models.Index(
                fields=["shop", "received_at"],
                condition=models.Q(outcome__in=("unmatched", "unreadable", "undeliverable")),
                name="received_mail_kept",
            ),
        ),
    ]
