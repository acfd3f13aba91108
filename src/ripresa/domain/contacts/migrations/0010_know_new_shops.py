"""Statistics follow soon when a shop comes beside a much larger one."""

from django.db import migrations

# By default a tenth of a table has to change first. Until then the planner takes a new shop for one with a single
# person: every index that begins with the shop looks as good as the right one, and reads all of its people for each of
# them. With 50,000 people beside 400,000, 2,000 of them took more than a minute to read, and 6 ms afterwards.
_SOON = "(autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000)"
_AS_EVER = "(autovacuum_analyze_scale_factor, autovacuum_analyze_threshold)"


class Migration(migrations.Migration):
    """Storage parameters alone; no row is touched."""

    dependencies = [("contacts", "0009_receiving_domain")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} SET {_SOON}", f"ALTER TABLE {table} RESET {_AS_EVER}"
        )
        for table in ("contact", "contact_key")
    ]
