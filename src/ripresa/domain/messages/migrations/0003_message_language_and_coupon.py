from django.db import migrations, models


class Migration(migrations.Migration):
    """Add to message what it was handed over with: its language and its coupon. Older ones have none."""

    dependencies = [("outbox", "0002_references")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.AddField("message", "language", models.TextField(null=True)),
        migrations.AddField("message", "coupon_code", models.TextField(null=True)),
        migrations.AddField("message", "coupon_expires_at", models.DateTimeField(null=True)),
    ]
