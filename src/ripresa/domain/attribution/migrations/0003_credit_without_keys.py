"""Drop the foreign keys of order_credit: its rows are written from the orders themselves (docs/adr/0014)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Nothing is read or written otherwise; rows stay as they are."""

    dependencies = [("attribution", "0002_report_digest")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="ordercredit", name="order")],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE order_credit DROP CONSTRAINT order_credit_order_id_in_shop",
                    "ALTER TABLE order_credit ADD CONSTRAINT order_credit_order_id_in_shop"
                    " FOREIGN KEY (shop_id, order_id) REFERENCES shop_order (shop_id, id)",
                )
            ],
        ),
        migrations.AlterField(
            model_name="ordercredit",
            name="shop",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="shops.shop",
            ),
        ),
    ]
