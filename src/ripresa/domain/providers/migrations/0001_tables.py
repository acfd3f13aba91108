import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("shops", "0006_volume_breaker"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderAccount",
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
                ("kind", models.TextField()),
                ("provider", models.TextField()),
                ("name", models.TextField()),
                ("settings", models.JSONField(default=dict)),
                ("secrets", models.BinaryField()),
                ("version", models.IntegerField(default=1)),
                ("is_active", models.BooleanField(default=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("paused_reason", models.TextField(default="")),
                ("balance", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ("balance_unit", models.TextField(default="")),
                ("balance_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
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
                "db_table": "provider_account",
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "name"), name="provider_account_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("shop", "kind"),
                        name="provider_account_one_in_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["email", "sms", "letter", "notice"])),
                        name="provider_account_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderCall",
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
                ("account_id", models.UUIDField()),
                ("method", models.TextField()),
                ("url", models.TextField()),
                ("headers", models.JSONField()),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(null=True)),
                ("detail", models.TextField(default="")),
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
                "db_table": "provider_call",
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["shop", "id"],
                        name="provider_call_unread",
                    ),
                    models.Index(
                        condition=models.Q(("outcome", "refused")),
                        fields=["shop", "read_at"],
                        name="provider_call_refused",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__isnull", True), ("read_at__isnull", True)),
                            models.Q(
                                ("outcome__in", ["read", "refused"]), ("read_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="provider_call_outcome",
                    )
                ],
            },
        ),
    ]
