import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a second person was asked, and what she said."""

    dependencies = [
        ("shops", "0018_saved_view"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
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
                ("subject_kind", models.TextField()),
                ("subject_id", models.UUIDField()),
                ("subject_name", models.TextField()),
                ("digest", models.BinaryField()),
                ("text", models.TextField()),
                ("facts", models.JSONField(default=dict)),
                ("asked_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("decided_by", models.TextField(default="")),
                ("decided_at", models.DateTimeField(null=True)),
                ("is_approved", models.BooleanField(null=True)),
                ("reason", models.TextField(default="")),
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
                "db_table": "approval",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_approved__isnull", True)),
                        fields=("shop", "subject_kind", "subject_id", "digest"),
                        name="approval_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject_kind__in", ["scenario", "campaign"])),
                        name="approval_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("is_approved__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("is_approved__isnull", False)),
                            _connector="OR",
                        ),
                        name="approval_decided",
                    ),
                ],
            },
        ),
    ]
