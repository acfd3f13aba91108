"""Lay the composite foreign keys: no row can point into another shop."""

from django.db import migrations

from ripresa.core.tenancy import LayTenantReferences


class Migration(migrations.Migration):
    """References of the messages slice."""

    dependencies = [("outbox", "0001_tables")]
    operations = [
        LayTenantReferences(
            [
                ("message", "contact_id", "contact"),
                ("message", "cart_id", "cart"),
                ("message", "sender_id", "sender"),
                ("message_content", "id", "message"),
                ("message_link", "message_id", "message"),
            ]
        ),
    ]
