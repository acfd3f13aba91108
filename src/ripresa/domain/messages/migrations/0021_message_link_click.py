from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models


def forget_clicks(apps: Apps, _editor: Any) -> None:
    """What nothing before this can follow."""
    apps.get_model("outbox", "MessageLink").objects.filter(purpose="click").delete()


class Migration(migrations.Migration):
    """A short message may name the way by us to where an address of it leads."""

    dependencies = [("outbox", "0020_message_link_followed")]

    operations = [
        migrations.RemoveConstraint(model_name="messagelink", name="message_link_purpose"),
        migrations.RunPython(migrations.RunPython.noop, forget_clicks),
        migrations.AddConstraint(
            model_name="messagelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["restore", "unsubscribe", "view", "click"])),
                name="message_link_purpose",
            ),
        ),
    ]
