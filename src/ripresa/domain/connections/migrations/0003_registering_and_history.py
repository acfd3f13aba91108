"""When webhooks are looked after, how they stood last, and histories that are being told."""

import django.db.models.deletion
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences

UNFINISHED = models.Q(finished_at__isnull=True, due_at__isnull=False)
FINISHED = models.Q(finished_at__isnull=False, due_at__isnull=True)


class Migration(migrations.Migration):
    """One new table, two columns; what is connected already is looked after at once."""

    dependencies = [("shops", "0001_tables"), ("connections", "0002_kept")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '4s'", migrations.RunSQL.noop),
        migrations.AddField("connection", "register_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "connection", "standing", models.JSONField(default=dict, db_default={})
        ),
        migrations.RunSQL(
            "UPDATE connection SET register_at = created_at WHERE closed_at IS NULL",
            migrations.RunSQL.noop,
        ),
        # PostgreSQL alters no table whose rows still wait for a deferred check.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            "connection",
            models.Index(
                fields=["register_at"],
                condition=models.Q(register_at__isnull=False),
                name="connection_register_anywhere",
            ),
        ),
        migrations.CreateModel(
            name="BackFill",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField()),
                ("connection_id", models.UUIDField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("pages", models.IntegerField(default=0)),
                ("heard", models.BigIntegerField(default=0)),
                ("known", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("failures", models.IntegerField(default=0)),
                ("trouble", models.TextField(default="")),
                (
                    "connection",
                    models.ForeignObject(
                        from_fields=("shop_id", "connection_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="connections.connection",
                        to_fields=("shop_id", "id"),
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
            options={
                "db_table": "back_fill",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="back_fill_due_anywhere",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("shop", "connection_id"),
                        name="back_fill_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=UNFINISHED | FINISHED,
                        name="back_fill_due_until_finished",
                    ),
                ],
            },
        ),
        LayTenantReferences([("back_fill", "connection_id", "connection")]),
    ]
