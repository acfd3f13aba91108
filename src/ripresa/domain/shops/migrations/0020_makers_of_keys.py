from django.db import migrations, models

# The audit log knows who has made those that were made in the console.
FROM_THE_LOG = """\
UPDATE api_key
SET made_by = audit_entry.actor_id::integer
FROM audit_entry
WHERE audit_entry.shop_id = api_key.shop_id
  AND audit_entry.subject_kind = 'api_key'
  AND audit_entry.subject_id = api_key.id::text
  AND audit_entry.action = 'created'
  AND audit_entry.actor_kind = 'member'
"""


class Migration(migrations.Migration):
    """Who has made a key, and keys that answer approvals."""

    dependencies = [("shops", "0019_approval"), ("audit", "0001_audit_entry")]

    operations = [
        migrations.AddField("apikey", "made_by", models.IntegerField(null=True)),
        migrations.RemoveConstraint("apikey", "api_key_scopes"),
        migrations.AddConstraint(
            "apikey",
            models.CheckConstraint(
                condition=models.Q(
                    scopes__contained_by=["read", "write", "send", "approve"], scopes__len__gt=0
                ),
                name="api_key_scopes",
            ),
        ),
        migrations.RunSQL(FROM_THE_LOG, migrations.RunSQL.noop),
    ]
