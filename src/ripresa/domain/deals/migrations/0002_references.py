"""Lay the composite foreign keys: no row can point into another shop."""

from django.db import migrations

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """References of the deals slice."""

    dependencies = [("deals", "0001_tables")]
    operations = [
        LayTenantReferences(
            [
                ("agent_assignment", "agent_id", "agent"),
                ("rule_agent", "rule_id", "assignment_rule"),
                ("rule_agent", "agent_id", "agent"),
                ("stage", "pipeline_id", "pipeline"),
                ("deal", "cart_id", "cart"),
                ("deal", "contact_id", "contact"),
                ("deal", "agent_id", "agent"),
                ("deal", "stage_id", "stage"),
                ("deal_activity", "deal_id", "deal"),
            ]
        ),
    ]
