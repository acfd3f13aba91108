"""Carts are found by their browser whoever holds them: since when she is reachable hangs on it as well."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The new index comes before the old one goes: at no moment is there none."""

    dependencies = [("carts", "0003_cart_device")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        # PostgreSQL alters no table whose rows still wait for a deferred check.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            "cart",
            models.Index(
                fields=["shop", "visitor_id"],
                condition=models.Q(visitor_id__isnull=False),
                name="cart_visitor",
            ),
        ),
        migrations.RemoveIndex("cart", "cart_anonymous"),
    ]
