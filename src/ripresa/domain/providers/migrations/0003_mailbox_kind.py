from django.db import migrations, models


class Migration(migrations.Migration):
    """A mailbox is a provider account too: it brings in what comes back."""

    dependencies = [("providers", "0002_hooks")]

    operations = [
        migrations.RemoveConstraint("provideraccount", "provider_account_kind"),
        migrations.AddConstraint(
            "provideraccount",
            models.CheckConstraint(
                condition=models.Q(kind__in=["email", "sms", "letter", "notice", "mailbox"]),
                name="provider_account_kind",
            ),
        ),
    ]
