"""Stored plans hold several branches and several languages: those of one get a list of one."""

from django.db import migrations

# The way back keeps `branches`, which the program of old does not read: nothing is lost.
_TO_LISTS = """
UPDATE scenario_version
   SET plan = (plan - 'branch') || jsonb_build_object(
           'branches', COALESCE(plan -> 'branches', jsonb_build_array(plan -> 'branch')),
           'languages', COALESCE(plan -> 'languages', jsonb_build_array(plan -> 'language')))
 WHERE jsonb_exists(plan, 'branch')
"""
_TO_ONE = """
UPDATE scenario_version
   SET plan = plan || jsonb_build_object('branch', plan -> 'branches' -> 0)
 WHERE NOT jsonb_exists(plan, 'branch')
"""


class Migration(migrations.Migration):
    """From `branch` to `branches`, from `language` to `languages` beside it."""

    dependencies = [("scenarios", "0002_references")]
    operations = [migrations.RunSQL(_TO_LISTS, _TO_ONE)]
