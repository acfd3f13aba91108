"""Add cart_figures and cart_recovered: figures over all carts of a shop, from an index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built beside a running program: nothing waits."""

    atomic = False

    dependencies = [("carts", "0006_capture_alarm")]

    operations = [
        AddIndexConcurrently(
            model_name="cart",
            index=models.Index(
                fields=["shop", "left_at"],
                include=["state", "kind", "currency", "total_minor"],
                condition=models.Q(abandoned_at__isnull=False, is_bot=False, is_test=False),
                name="cart_figures",
            ),
        ),
        AddIndexConcurrently(
            model_name="cart",
            index=models.Index(
                fields=["shop", "ended_at"],
                include=["left_at", "kind", "currency", "total_minor", "abandoned_at", "order_id"],
                condition=models.Q(state="recovered", is_bot=False, is_test=False),
                name="cart_recovered",
            ),
        ),
    ]
