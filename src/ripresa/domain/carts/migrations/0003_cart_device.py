"""Add cart.device: what kind of machine the cart was filled on, read from the browser's name for itself."""

from django.db import migrations, models

# The rule of `rows.device_of` as it was when the column came.
READ_DEVICES = """
UPDATE cart
   SET device = CASE
       WHEN user_agent ~ '(SmartTV|SMART-TV|Smart-TV|AppleTV|GoogleTV|Google TV|Android TV|HbbTV)' THEN 'unknown'
       WHEN user_agent ~ '(iPad|Tablet(?! PC)|Kindle|Silk/|PlayBook)'
            OR user_agent ~ 'Android' AND user_agent !~ '(Mobi|Opera Mini)' THEN 'tablet'
       WHEN user_agent ~ '(Mobi|iPhone|iPod|Windows Phone|BlackBerry|Opera Mini)' THEN 'mobile'
       WHEN user_agent ~ '(Windows|Macintosh|X11|CrOS|Linux)' THEN 'desktop'
       ELSE 'unknown' END
 WHERE user_agent IS NOT NULL
"""


class Migration(migrations.Migration):
    """Scenarios and segments may ask for it. The default in the database lets older code go on writing."""

    dependencies = [("carts", "0002_references")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.AddField("cart", "device", models.TextField(db_default="unknown")),
        migrations.RunSQL(READ_DEVICES, migrations.RunSQL.noop),
        # PostgreSQL alters no table whose rows still wait for a deferred check.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            "cart",
            models.CheckConstraint(
                condition=models.Q(device__in=["mobile", "tablet", "desktop", "unknown"]),
                name="cart_device",
            ),
        ),
    ]
