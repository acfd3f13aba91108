import datetime
import django.db.models.deletion
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences

# Partitions are made with the first touchpoint of a month; Django knows no partitioned tables.
_TOUCHPOINT = """
CREATE TABLE touchpoint (
    shop_id bigint NOT NULL REFERENCES shop (id),
    id uuid NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    key text NOT NULL,
    order_external_id text NOT NULL,
    is_machine boolean NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT touchpoint_kind
        CHECK (kind IN ('click', 'agent', 'letter', 'open', 'direct', 'outside'))
) PARTITION BY RANGE (id);
CREATE INDEX touchpoint_key ON touchpoint (shop_id, key, at);
CREATE INDEX touchpoint_order ON touchpoint (shop_id, order_external_id);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("carts", "0004_cart_visitor"),
        ("shops", "0010_receivers_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="AbandonmentFigures",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "day",
                        "kind",
                        "cause",
                        "channel",
                        "currency",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("kind", models.TextField()),
                ("cause", models.TextField()),
                ("channel", models.TextField()),
                ("currency", models.TextField()),
                ("carts", models.IntegerField()),
                ("value_minor", models.BigIntegerField()),
                ("recovered_minor", models.BigIntegerField()),
                ("seconds", models.BigIntegerField()),
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
                "db_table": "report_abandonments",
            },
        ),
        migrations.CreateModel(
            name="CreditFigures",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "day",
                        "origin_kind",
                        "origin_id",
                        "version",
                        "step",
                        "template",
                        "channel",
                        "language",
                        "agent_id",
                        "currency",
                        "is_agents",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("origin_kind", models.TextField()),
                ("origin_id", models.UUIDField()),
                ("version", models.IntegerField()),
                ("step", models.TextField()),
                ("template", models.TextField()),
                ("channel", models.TextField()),
                ("language", models.TextField()),
                ("agent_id", models.UUIDField()),
                ("currency", models.TextField()),
                ("is_agents", models.BooleanField()),
                ("orders", models.IntegerField()),
                ("orders_first", models.IntegerField()),
                ("coupon_orders", models.IntegerField()),
                ("coupon_minor", models.BigIntegerField()),
                ("linear_minor", models.BigIntegerField()),
                ("last_minor", models.BigIntegerField()),
                ("first_minor", models.BigIntegerField()),
                ("position_minor", models.BigIntegerField()),
                ("decay_minor", models.BigIntegerField()),
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
                "db_table": "report_credits",
            },
        ),
        migrations.CreateModel(
            name="MessageFigures",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "day",
                        "origin_kind",
                        "origin_id",
                        "version",
                        "step",
                        "template",
                        "channel",
                        "language",
                        "agent_id",
                        "currency",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("origin_kind", models.TextField()),
                ("origin_id", models.UUIDField()),
                ("version", models.IntegerField()),
                ("step", models.TextField()),
                ("template", models.TextField()),
                ("channel", models.TextField()),
                ("language", models.TextField()),
                ("agent_id", models.UUIDField()),
                ("currency", models.TextField()),
                ("sent", models.IntegerField()),
                ("delivered", models.IntegerField()),
                ("opened", models.IntegerField()),
                ("clicked", models.IntegerField()),
                ("unsubscribed", models.IntegerField()),
                ("bounced", models.IntegerField()),
                ("complained", models.IntegerField()),
                ("cost_minor", models.BigIntegerField()),
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
                "db_table": "report_messages",
            },
        ),
        migrations.CreateModel(
            name="OrderCredit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "order_id",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("order_id", models.UUIDField()),
                ("place", models.SmallIntegerField()),
                ("is_latest", models.BooleanField()),
                ("touch_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("channel", models.TextField()),
                ("at", models.DateTimeField()),
                ("message_id", models.UUIDField(null=True)),
                ("agent_id", models.UUIDField(null=True)),
                ("is_agents", models.BooleanField()),
                ("linear_minor", models.BigIntegerField()),
                ("last_minor", models.BigIntegerField()),
                ("first_minor", models.BigIntegerField()),
                ("position_minor", models.BigIntegerField()),
                ("decay_minor", models.BigIntegerField()),
                (
                    "order",
                    models.ForeignObject(
                        from_fields=("shop_id", "order_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="carts.order",
                        to_fields=("shop_id", "id"),
                    ),
                ),
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
                "db_table": "order_credit",
            },
        ),
        migrations.CreateModel(
            name="ReportSettings",
            fields=[
                (
                    "shop",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="shops.shop",
                    ),
                ),
                ("window", models.DurationField(default=datetime.timedelta(days=30))),
                ("with_opens", models.BooleanField(default=False)),
                ("margin", models.IntegerField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "report_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("margin__isnull", True), ("margin__range", (0, 10000)), _connector="OR"
                        ),
                        name="report_settings_margin",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SalesFigures",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "day",
                        "currency",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("currency", models.TextField()),
                ("orders", models.IntegerField()),
                ("gross_minor", models.BigIntegerField()),
                ("refunded_minor", models.BigIntegerField()),
                ("discount_minor", models.BigIntegerField()),
                ("recovered_orders", models.IntegerField()),
                ("recovered_minor", models.BigIntegerField()),
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
                "db_table": "report_sales",
            },
        ),
        migrations.CreateModel(
            name="StaleMark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField()),
                ("contact_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField(null=True)),
                ("day", models.DateField(null=True)),
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
                "db_table": "report_stale",
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Touchpoint",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "shop_id",
                                "id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("id", models.UUIDField()),
                        ("source", models.TextField()),
                        ("external_id", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("kind", models.TextField()),
                        ("channel", models.TextField()),
                        ("key", models.TextField()),
                        ("order_external_id", models.TextField()),
                        ("is_machine", models.BooleanField()),
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
                        "db_table": "touchpoint",
                        "indexes": [
                            models.Index(fields=["shop", "key", "at"], name="touchpoint_key"),
                            models.Index(
                                fields=["shop", "order_external_id"], name="touchpoint_order"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        ["click", "agent", "letter", "open", "direct", "outside"],
                                    )
                                ),
                                name="touchpoint_kind",
                            )
                        ],
                    },
                ),
            ],
            database_operations=[migrations.RunSQL(_TOUCHPOINT, "DROP TABLE touchpoint")],
        ),
        LayTenantReferences([("order_credit", "order_id", "shop_order")]),
    ]
