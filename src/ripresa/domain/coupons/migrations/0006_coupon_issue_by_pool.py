"""Who has got which code of a pool, the latest first: page by page without reading the pool."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """One new index, laid beside the work that goes on."""

    atomic = False
    dependencies = [("coupons", "0005_checked_codes")]
    operations = [
        AddIndexConcurrently(
            model_name="couponissue",
            index=models.Index(
                fields=["shop", "pool_id", "reserved_at", "id"], name="coupon_issue_pool"
            ),
        ),
    ]
