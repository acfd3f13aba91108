"""Of what the sentence is made that says why a shop makes no codes: so people read it in their language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column more; what was said before stays English until it is said again."""

    dependencies = [("coupons", "0006_coupon_issue_by_pool")]
    operations = [
        migrations.AddField(
            model_name="couponmint",
            name="said",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
