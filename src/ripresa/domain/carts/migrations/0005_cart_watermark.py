"""Carts that history brought: nobody is written to about them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One new table."""

    dependencies = [("shops", "0001_tables"), ("carts", "0004_cart_visitor")]
    operations = [
        migrations.CreateModel(
            name="CartWatermark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "source",
                        "token",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("source", models.TextField()),
                ("token", models.TextField()),
                ("until", models.DateTimeField()),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
            options={"db_table": "cart_watermark"},
        ),
    ]
