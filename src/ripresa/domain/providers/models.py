"""Tables of the providers slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel

KINDS = ("email", "sms", "letter", "notice")


class ProviderAccount(TenantModel):
    """A shop's account with a provider, under a name of the shop's own.

    `is_active`: it carries what the shop sends of its kind; others only hear what was sent before.
    `settings` are the open ones, `secrets` the rest, sealed (core/secrets). `version` grows with every
    change that asks for the channel to be opened anew. `balance` is a decimal, as the provider told it.
    """

    kind = models.TextField()
    provider = models.TextField()
    name = models.TextField()
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField()
    version = models.IntegerField(default=1)
    is_active = models.BooleanField(default=True)
    paused_at = models.DateTimeField(null=True)
    paused_reason = models.TextField(default="")
    balance = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    balance_unit = models.TextField(default="")
    balance_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "provider_account"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="provider_account_once"),
            models.UniqueConstraint(
                fields=["shop", "kind"],
                condition=models.Q(is_active=True),
                name="provider_account_one_in_use",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(KINDS)), name="provider_account_kind"
            ),
        ]


class ProviderCall(TenantModel):
    """A call of a provider as it came in: stored before it was answered, read afterwards.

    `account_id` is that of the address it came to, with no foreign key: an account that is removed
    leaves its calls. `read_at` is set once it was read; `outcome` says how that went, `detail` why.
    """

    account_id = models.UUIDField()
    method = models.TextField()
    url = models.TextField()
    headers = models.JSONField()
    body = models.BinaryField()
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)
    detail = models.TextField(default="")

    class Meta:
        db_table = "provider_call"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__isnull=True, read_at__isnull=True)
                | models.Q(outcome__in=["read", "refused"], read_at__isnull=False),
                name="provider_call_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "id"],
                condition=models.Q(read_at__isnull=True),
                name="provider_call_unread",
            ),
            models.Index(
                fields=["shop", "read_at"],
                condition=models.Q(outcome="refused"),
                name="provider_call_refused",
            ),
        ]
