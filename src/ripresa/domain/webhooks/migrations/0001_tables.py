import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Endpoints, what happened, its deliveries, and the calls made. Positions are drawn by the database."""

    initial = True

    dependencies = [
        ("shops", "0010_receivers_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookAttempt",
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
                ("endpoint_id", models.UUIDField()),
                ("event_id", models.UUIDField()),
                ("number", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
                ("milliseconds", models.IntegerField()),
                ("status", models.SmallIntegerField(null=True)),
                ("problem", models.TextField(default="")),
                ("reply", models.TextField(default="")),
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
                "db_table": "webhook_attempt",
                "indexes": [
                    models.Index(
                        fields=["shop", "event_id", "endpoint_id"], name="webhook_attempt_event"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "endpoint_id",
                        "event_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("endpoint_id", models.UUIDField()),
                ("event_id", models.UUIDField()),
                ("subject", models.UUIDField()),
                ("position", models.BigIntegerField()),
                ("state", models.TextField(default="waiting")),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
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
                "db_table": "webhook_delivery",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["shop", "endpoint_id", "due_at", "position"],
                        name="webhook_delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["shop", "endpoint_id", "subject", "position"],
                        name="webhook_delivery_in_order",
                    ),
                    models.Index(fields=["shop", "event_id"], name="webhook_delivery_event"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_at__isnull", False),
                                ("settled_at__isnull", True),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                ("due_at__isnull", True),
                                ("settled_at__isnull", False),
                                ("state__in", ["delivered", "given_up"]),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_delivery_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
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
                ("name", models.TextField()),
                ("url", models.TextField()),
                (
                    "patterns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("secrets", models.BinaryField()),
                ("previous_until", models.DateTimeField(null=True)),
                ("state", models.TextField(default="on")),
                ("off_reason", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
                ("rests_until", models.DateTimeField(null=True)),
                ("failures", models.IntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
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
                "db_table": "webhook_endpoint",
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "name"), name="webhook_endpoint_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["on", "paused", "off"])),
                        name="webhook_endpoint_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookEvent",
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
                ("position", models.BigIntegerField()),
                ("type", models.TextField()),
                ("subject", models.UUIDField()),
                ("happened_at", models.DateTimeField()),
                ("contact_id", models.UUIDField(null=True)),
                ("cart_id", models.UUIDField(null=True)),
                ("facts", models.JSONField()),
                ("about", models.JSONField()),
                ("body", models.TextField(null=True)),
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
                "db_table": "webhook_event",
                "indexes": [
                    models.Index(
                        condition=models.Q(("contact_id__isnull", False)),
                        fields=["shop", "contact_id"],
                        name="webhook_event_contact",
                    ),
                    models.Index(
                        condition=models.Q(("cart_id__isnull", False)),
                        fields=["shop", "cart_id"],
                        name="webhook_event_cart",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE webhook_event ALTER COLUMN position ADD GENERATED BY DEFAULT AS IDENTITY",
            "ALTER TABLE webhook_event ALTER COLUMN position DROP IDENTITY",
        ),
    ]
