from django.db import migrations

# What was given leaves dead entries at the head of the index of free codes, and every reservation walks
# over them. By default PostgreSQL sweeps after a fifth of the table: of a million codes that is 200,000.
_SET = """
ALTER TABLE coupon_code SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
                             vacuum_index_cleanup = on)
"""
_RESET = """
ALTER TABLE coupon_code RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
                               vacuum_index_cleanup)
"""


class Migration(migrations.Migration):
    """Sweep the codes after a fixed number of changes, whatever the size of the table."""

    dependencies = [("coupons", "0002_references")]

    operations = [migrations.RunSQL(_SET, _RESET)]
