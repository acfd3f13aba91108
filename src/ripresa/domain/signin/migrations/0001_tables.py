import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Second factors, passkeys, sessions, failures, and mails to members."""

    initial = True

    dependencies = [
        ("shops", "0017_members"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("failures", models.IntegerField()),
                ("latest_at", models.DateTimeField()),
                ("paused_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "failed_sign_in",
            },
        ),
        migrations.CreateModel(
            name="OneTimeSecret",
            fields=[
                ("user_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("used_step", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "one_time_secret",
            },
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField(db_index=True)),
                ("credential_id", models.BinaryField(unique=True)),
                ("public_key", models.BinaryField()),
                ("sign_count", models.BigIntegerField()),
                ("name", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "passkey",
            },
        ),
        migrations.CreateModel(
            name="SignedIn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField(db_index=True)),
                ("session_key", models.TextField(unique=True)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ip", models.TextField(default="")),
                ("user_agent", models.TextField(default="")),
            ],
            options={
                "db_table": "signed_in",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "db_table": "recovery_code",
                "constraints": [
                    models.UniqueConstraint(fields=("user_id", "digest"), name="recovery_code_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberMail",
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
                ("kind", models.TextField()),
                ("user_id", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
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
                "db_table": "member_mail",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="member_mail_due",
                    ),
                    models.Index(fields=["shop", "user_id", "created_at"], name="member_mail_user"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invitation", "reset"])),
                        name="member_mail_kind",
                    )
                ],
            },
        ),
    ]
