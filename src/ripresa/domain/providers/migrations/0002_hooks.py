from django.db import migrations, models


class Migration(migrations.Migration):
    """What a provider hears when it calls; of calls only those not read yet, or not believed, are kept.

    The table of calls is empty: nothing wrote to it before this release.
    """

    dependencies = [("providers", "0001_tables")]

    operations = [
        migrations.AddField("provideraccount", "hook_reply", models.JSONField(null=True)),
        migrations.RemoveIndex("providercall", "provider_call_refused"),
        migrations.RemoveIndex("providercall", "provider_call_unread"),
        migrations.RemoveConstraint("providercall", "provider_call_outcome"),
        migrations.RemoveField("providercall", "outcome"),
        migrations.RemoveField("providercall", "read_at"),
        migrations.RenameField("providercall", "url", "target"),
        migrations.AddField("providercall", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("providercall", "refused_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "providercall",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", False), ("refused_at__isnull", True)),
                    models.Q(("due_at__isnull", True), ("refused_at__isnull", False)),
                    _connector="OR",
                ),
                name="provider_call_due_or_refused",
            ),
        ),
        migrations.AddIndex(
            "providercall",
            models.Index(
                condition=models.Q(due_at__isnull=False),
                fields=["shop", "due_at"],
                name="provider_call_due",
            ),
        ),
        migrations.AddIndex(
            "providercall",
            models.Index(
                condition=models.Q(refused_at__isnull=False),
                fields=["shop", "refused_at"],
                name="provider_call_refused",
            ),
        ),
    ]
