"""Tables of the campaigns slice."""

import django.db.models.deletion
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """New tables: nothing reads them before their release."""

    initial = True

    dependencies = [
        ("carts", "0004_cart_visitor"),
        ("contacts", "0002_references"),
        ("shops", "0006_volume_breaker"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
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
                ("about", models.TextField()),
                ("state", models.TextField(default="draft")),
                ("text", models.TextField()),
                ("plan", models.JSONField()),
                ("condition", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("seen_to", models.UUIDField(null=True)),
                ("is_exhausted", models.BooleanField(default=False)),
                ("paused_kind", models.TextField(default="")),
                ("paused_reason", models.TextField(default="")),
                ("max_messages", models.IntegerField(null=True)),
                ("max_cost_minor", models.BigIntegerField(null=True)),
                ("used_messages", models.IntegerField(default=0)),
                ("used_minor", models.BigIntegerField(default=0)),
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
                "db_table": "campaign",
            },
        ),
        migrations.CreateModel(
            name="CampaignRecipient",
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
                ("campaign_id", models.UUIDField()),
                ("contact_id", models.UUIDField()),
                ("cart_id", models.UUIDField(null=True)),
                ("order_id", models.UUIDField(null=True)),
                ("key", models.TextField()),
                ("state", models.TextField(default="planned")),
                ("is_double", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignObject(
                        from_fields=("shop_id", "campaign_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="campaigns.campaign",
                        to_fields=("shop_id", "id"),
                    ),
                ),
                (
                    "cart",
                    models.ForeignObject(
                        from_fields=("shop_id", "cart_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="carts.cart",
                        to_fields=("shop_id", "id"),
                    ),
                ),
                (
                    "contact",
                    models.ForeignObject(
                        from_fields=("shop_id", "contact_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="contacts.contact",
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
                "db_table": "campaign_recipient",
            },
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                name="campaign_due_anywhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(fields=("shop", "name"), name="campaign_once"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "scheduled", "live", "paused", "ended"])
                ),
                name="campaign_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("about__in", ["abandoned_cart", "thank_you", "none"])),
                name="campaign_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", False), ("state__in", ["scheduled", "live"])),
                    models.Q(
                        models.Q(("state__in", ["scheduled", "live"]), _negated=True),
                        ("due_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="campaign_due_iff_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"), ("condition__isnull", False), _connector="OR"
                ),
                name="campaign_condition_unless_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("max_messages__isnull", True),
                    ("used_messages__lte", models.F("max_messages")),
                    _connector="OR",
                ),
                name="campaign_within_messages",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("max_cost_minor__isnull", True),
                    ("used_minor__lte", models.F("max_cost_minor")),
                    _connector="OR",
                ),
                name="campaign_within_cost",
            ),
        ),
        migrations.AddIndex(
            model_name="campaignrecipient",
            index=models.Index(fields=["shop", "contact_id"], name="campaign_recipient_contact"),
        ),
        migrations.AddIndex(
            model_name="campaignrecipient",
            index=models.Index(fields=["shop", "cart_id"], name="campaign_recipient_cart"),
        ),
        migrations.AddIndex(
            model_name="campaignrecipient",
            index=models.Index(
                condition=models.Q(("state", "planned")),
                fields=["shop", "campaign_id"],
                name="campaign_recipient_planned",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignrecipient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_double", False)),
                fields=("shop", "campaign_id", "contact_id"),
                name="campaign_recipient_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignrecipient",
            constraint=models.UniqueConstraint(
                fields=("shop", "order_id"), name="campaign_recipient_order_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignrecipient",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "over"])),
                name="campaign_recipient_state",
            ),
        ),
        LayTenantReferences(
            [
                ("campaign_recipient", "campaign_id", "campaign"),
                ("campaign_recipient", "contact_id", "contact"),
                ("campaign_recipient", "cart_id", "cart"),
            ]
        ),
    ]
