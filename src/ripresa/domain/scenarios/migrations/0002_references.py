"""Lay the composite foreign keys: no row can point into another shop."""

from django.db import migrations

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """References of the scenarios slice."""

    dependencies = [("scenarios", "0001_tables")]
    operations = [
        LayTenantReferences(
            [
                ("scenario_version", "scenario_id", "scenario"),
                ("recovery", "scenario_id", "scenario"),
                ("recovery", "version_id", "scenario_version"),
                ("recovery", "cart_id", "cart"),
                ("recovery", "contact_id", "contact"),
            ]
        ),
    ]
