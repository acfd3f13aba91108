"""Add message.version_id and branch: what a message was sent under, though its recovery may move on later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two empty columns: release N writes and reads them, beside what the recovery says for older rows."""

    dependencies = [("outbox", "0016_owner_notice_quiet")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.AddField("message", "version_id", models.UUIDField(null=True)),
        migrations.AddField("message", "branch", models.TextField(null=True)),
    ]
