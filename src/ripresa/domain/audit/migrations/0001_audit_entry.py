import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The audit log."""

    initial = True
    dependencies = [("shops", "0015_popup")]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
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
                ("at", models.DateTimeField()),
                ("actor_kind", models.TextField()),
                ("actor_id", models.TextField(default="")),
                ("action", models.TextField()),
                ("subject_kind", models.TextField()),
                ("subject_id", models.TextField(default="")),
                ("subject_name", models.TextField(default="")),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
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
                "db_table": "audit_entry",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor_kind__in", ["member", "key", "command_line", "program"])
                        ),
                        name="audit_entry_actor",
                    )
                ],
                "indexes": [
                    models.Index(
                        fields=["shop", "subject_kind", "subject_id", "id"], name="audit_subject"
                    )
                ],
            },
        ),
    ]
