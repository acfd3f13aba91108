"""Add assignment_rule.segment: rules may be for the people of a segment, by its name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Rules that are there stay for anybody."""

    dependencies = [("deals", "0002_references")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.AddField("assignmentrule", "segment", models.TextField(null=True)),
    ]
