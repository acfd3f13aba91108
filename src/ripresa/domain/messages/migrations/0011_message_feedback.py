import django.db.models.deletion
from django.db import migrations, models


from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """What is heard of a message after its hand-over, and where it stands by that."""

    dependencies = [
        ("outbox", "0010_letters"),
        ("shops", "0006_volume_breaker"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="bounce_reason",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="delivered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="delivery",
            field=models.TextField(null=True),
        ),
        migrations.CreateModel(
            name="MessageFeedback",
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
                ("event_id", models.TextField()),
                ("kind", models.TextField()),
                ("message_id", models.UUIDField(null=True)),
                ("channel", models.TextField()),
                ("recipient", models.TextField(null=True)),
                ("reason", models.TextField(null=True)),
                ("is_permanent", models.BooleanField(default=False)),
                ("occurred_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("detail", models.TextField(default="")),
                ("text", models.TextField(default="")),
                ("url", models.TextField(default="")),
                ("user_agent", models.TextField(default="")),
                ("ip", models.TextField(default="")),
                ("verdict", models.TextField(null=True)),
                ("verdict_rule", models.TextField(default="")),
                (
                    "message",
                    models.ForeignObject(
                        from_fields=("shop_id", "message_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="outbox.message",
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
                "db_table": "message_feedback",
                "indexes": [
                    models.Index(
                        fields=["shop", "message_id", "occurred_at"], name="feedback_of_message"
                    ),
                    models.Index(
                        condition=models.Q(("kind__in", ["bounced", "delivered"])),
                        fields=["shop", "channel", "recipient", "occurred_at"],
                        name="feedback_of_address",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "source", "event_id"), name="message_feedback_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict__isnull", True),
                            models.Q(
                                ("kind__in", ["opened", "clicked"]),
                                ("verdict__in", ["person", "machine"]),
                            ),
                            _connector="OR",
                        ),
                        name="message_feedback_verdict",
                    ),
                ],
            },
        ),
        LayTenantReferences([("message_feedback", "message_id", "message")]),
    ]
