"""Tables of the connections slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel


class Connection(TenantModel):
    """A shop's platform, as we hear it. `settings` are the open ones, `secrets` the rest, sealed.

    Asked, where it can be: next at `ask_at`, for what changed since `asked_until`, never for what was
    before `created_at`. `heard` counts events that were new, `missed` those of them that only asking
    brought, `refused` the parts of payloads that were left out; `problems` are the latest of these.
    `trouble` says why it can't be asked. `closed_at`: the shop let go of us, or we of it. `kept` is what
    its connector had us keep, sealed: credentials that live shortly; who renews them has `renewing_until`.
    """

    platform = models.TextField()
    name = models.TextField()
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField()
    kept = models.BinaryField(null=True)
    renewing_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(default="")
    ask_at = models.DateTimeField(null=True)
    asked_until = models.DateTimeField()
    failures = models.IntegerField(default=0)
    trouble = models.TextField(default="")
    last_heard_at = models.DateTimeField(null=True)
    heard = models.BigIntegerField(default=0)
    missed = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    problems = models.JSONField(default=list)

    class Meta:
        db_table = "connection"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="connection_once"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(ask_at__isnull=True),
                name="connection_closed_is_not_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ask_at"],
                condition=models.Q(ask_at__isnull=False),
                name="connection_to_ask_anywhere",
            ),
        ]
