"""Add receiving_domain: whether a domain takes mail, and how many it should get."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("contacts", "0008_consent_request")]
    operations = [
        migrations.CreateModel(
            name="ReceivingDomain",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "domain",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("domain", models.TextField()),
                ("takes_mail", models.TextField()),
                ("meant", models.TextField(default="", db_default="")),
                ("checked_at", models.DateTimeField()),
                ("per_hour", models.IntegerField(null=True)),
                ("slowed_until", models.DateTimeField(null=True)),
                ("cause", models.TextField(default="", db_default="")),
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
            options={
                "db_table": "receiving_domain",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(takes_mail__in=["yes", "no", "unknown"]),
                        name="receiving_domain_takes_mail",
                    ),
                ],
            },
        ),
    ]
