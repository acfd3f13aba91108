"""Tables of the signin slice. Users belong to no shop, and neither does what proves who they are."""

from django.db import models

from ripresa.core.tenancy import TenantModel


class MemberMail(TenantModel):
    """A mail to somebody who works in the shop. It holds no link: that is signed when the mail leaves."""

    kind = models.TextField()
    user_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    # None: it has left, or nobody can take it.
    due_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "member_mail"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["invitation", "reset"]), name="member_mail_kind"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="member_mail_due_anywhere",
            ),
            models.Index(fields=["shop", "user_id", "created_at"], name="member_mail_user"),
        ]


class Passkey(models.Model):
    """A key that a device keeps for a user. Only its public half is here."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField(db_index=True)
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    # How often its device says it was used; it must not go back (0: the device does not count).
    sign_count = models.BigIntegerField()
    name = models.TextField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "passkey"


class OneTimeSecret(models.Model):
    """What a user's app makes codes of (RFC 6238), sealed. In force once a code of it was shown."""

    user_id = models.BigIntegerField(primary_key=True)
    sealed = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    # The latest interval of which a code was taken: each code is taken once.
    used_step = models.BigIntegerField(default=0)

    class Meta:
        db_table = "one_time_secret"


class RecoveryCode(models.Model):
    """A code for the day on which the device is lost. Kept as a digest, and gone once used."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    digest = models.BinaryField()

    class Meta:
        db_table = "recovery_code"
        constraints = [
            models.UniqueConstraint(fields=["user_id", "digest"], name="recovery_code_once")
        ]


class FailedSignIn(models.Model):
    """Failures of one name or one address since the latest success; `key` is a digest of it."""

    key = models.TextField(primary_key=True)
    failures = models.IntegerField()
    latest_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "failed_sign_in"


class SignedIn(models.Model):
    """A session of a user, so that she sees where she is signed in, and can end it."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField(db_index=True)
    session_key = models.TextField(unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ip = models.TextField(default="")
    user_agent = models.TextField(default="")

    class Meta:
        db_table = "signed_in"
