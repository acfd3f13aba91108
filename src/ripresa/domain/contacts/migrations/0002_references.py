"""Lay the composite foreign keys: no row can point into another shop."""

from django.db import migrations

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """References of the contacts slice."""

    dependencies = [("contacts", "0001_tables")]
    operations = [
        LayTenantReferences(
            [
                ("contact_key", "contact_id", "contact"),
            ]
        ),
    ]
