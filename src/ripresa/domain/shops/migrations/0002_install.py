from django.db import migrations, models


class Migration(migrations.Migration):
    """The install's own row: the switch that stops the sending of every shop (OPS-4)."""

    dependencies = [("shops", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Install",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "install",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="install_once")
                ],
            },
        ),
    ]
