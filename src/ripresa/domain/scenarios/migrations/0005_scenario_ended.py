"""Allow a scenario to be ended: for good, its name and its trail kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The way back fails while a scenario is ended: older code would not know what to do with it."""

    dependencies = [("scenarios", "0004_holdout_assignment")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.RemoveConstraint("scenario", "scenario_state"),
        migrations.AddConstraint(
            "scenario",
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "live", "paused", "ended"]),
                name="scenario_state",
            ),
        ),
    ]
