"""Codes remember when the shop said that they stand; a pool may be filled by whichever connection can."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns that may be empty, or are filled by the database: no row is written."""

    dependencies = [("coupons", "0004_coupon_mint")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.AddField("couponcode", "checked_at", models.DateTimeField(null=True)),
        migrations.AlterField("couponmint", "connection_id", models.UUIDField(null=True)),
        migrations.AddField(
            "couponmint", "is_refused", models.BooleanField(default=False, db_default=False)
        ),
    ]
