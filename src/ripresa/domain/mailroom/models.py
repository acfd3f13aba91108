"""Tables of the mailroom slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel

OUTCOMES = (
    "bounce", "complaint", "auto_reply", "reply", "opt_out",
    "unmatched", "loop", "unreadable", "undeliverable",
)  # fmt: skip

# What may still be wanted: a person may look at it.
KEPT = ("unmatched", "unreadable", "undeliverable")


class ReceivedMail(TenantModel):
    """A mail as it came in. `recipient` is the address of ours it was handed to, if that is known.

    `digest` (SHA-256) tells a repetition: a mail is stored once, however often it is handed over or
    fetched. `due_at`: when to read it, or to try to forward it again; empty once that is over, and then
    `outcome` says how. `raw` and `sender` are kept as long as they may be needed: what was understood
    stands in message_feedback.
    """

    source = models.TextField()
    sender = models.TextField(default="")
    recipient = models.TextField(default="")
    digest = models.BinaryField()
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    outcome = models.TextField(null=True)
    detail = models.TextField(default="")

    class Meta:
        db_table = "received_mail"
        constraints = [
            models.UniqueConstraint(fields=["shop", "digest"], name="received_mail_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__isnull=True, due_at__isnull=False)
                | models.Q(outcome__in=OUTCOMES, due_at__isnull=True),
                name="received_mail_due_or_over",
            ),
        ]
        indexes = [
            # Without the shop: an idle shop costs the tick nothing.
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="received_mail_due_anywhere",
            ),
            models.Index(
                fields=["shop", "received_at"],
                condition=models.Q(outcome__in=KEPT),
                name="received_mail_kept",
            ),
        ]


class FetchPosition(TenantModel):
    """How far a folder of an IMAP mailbox was fetched; `id` is the provider account's.

    `uid` is the highest that was stored, good as long as the folder has this `uid_validity` (RFC 9051).
    """

    folder = models.TextField()
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()

    class Meta:
        db_table = "fetch_position"
