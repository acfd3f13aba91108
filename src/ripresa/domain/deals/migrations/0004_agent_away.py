"""Add agent.away_until; deals may be handed on to another agent."""

from django.db import migrations, models

_KINDS = [
    "opened", "moved", "taken_over", "snoozed", "noted", "called", "replied",
    "won", "lost", "order_cancelled", "handed_on",
]  # fmt: skip


class Migration(migrations.Migration):
    """Agents that are there stay as they are: not away."""

    dependencies = [("deals", "0003_assignment_rule_segment")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.AddField("agent", "away_until", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("dealactivity", "deal_activity_kind"),
        migrations.AddConstraint(
            "dealactivity",
            models.CheckConstraint(condition=models.Q(kind__in=_KINDS), name="deal_activity_kind"),
        ),
    ]
