"""Add campaign_draft: a campaign file that somebody is still writing."""

import django.db.models.deletion
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """A new table: nothing reads it before its release."""

    dependencies = [("campaigns", "0001_tables")]
    operations = [
        migrations.CreateModel(
            name="CampaignDraft",
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
                ("campaign_id", models.UUIDField(null=True)),
                ("name", models.TextField()),
                ("text", models.TextField()),
                ("saved_by", models.TextField()),
                ("saved_at", models.DateTimeField()),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
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
            ],
            options={
                "db_table": "campaign_draft",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["shop", "campaign_id"], name="campaign_draft_once"
                    ),
                ],
            },
        ),
        LayTenantReferences([("campaign_draft", "campaign_id", "campaign")]),
    ]
