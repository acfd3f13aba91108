"""Tables of the providers slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel

KINDS = ("email", "sms", "letter", "notice", "mailbox")


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
    # What its provider hears when it calls us; none: it does not.
    hook_reply = models.JSONField(null=True)
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


class SmsErrand(TenantModel):
    """What has to be done for a number beyond sending to it; one row for each and topic.

    `help`: answer whoever wrote HELP. `suppression`: have the number on the provider's own list, or off it,
    as `is_on` says. `due_at`: when to do it, or to try again; empty once that is over.
    """

    topic = models.TextField()
    phone = models.TextField()
    is_on = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sms_errand"
        constraints = [
            models.UniqueConstraint(fields=["shop", "topic", "phone"], name="sms_errand_once"),
            models.CheckConstraint(
                condition=models.Q(topic__in=["help", "suppression"]), name="sms_errand_topic"
            ),
        ]
        indexes = [
            # Without the shop: an idle shop costs the tick nothing.
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="sms_errand_due_anywhere",
            ),
        ]


class ProviderCall(TenantModel):
    """A call of a provider or a shop as it came in: stored before it was answered, read afterwards.

    `account_id` is that of the account or connection whose address it came to, with no foreign key: one
    that is removed leaves its calls. `target` is path and query; `due_at` says when to read it. Once it
    was read and believed it is deleted: what it told stands in message_feedback, or in the inbox. One
    that was not believed, or could not be read, stays for a while with `refused_at`, and the reason in
    `detail`.
    """

    account_id = models.UUIDField()
    method = models.TextField()
    target = models.TextField()
    headers = models.JSONField()
    body = models.BinaryField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    detail = models.TextField(default="")

    class Meta:
        db_table = "provider_call"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_at__isnull=False, refused_at__isnull=True)
                | models.Q(due_at__isnull=True, refused_at__isnull=False),
                name="provider_call_due_or_refused",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="provider_call_due",
            ),
            models.Index(
                fields=["shop", "refused_at"],
                condition=models.Q(refused_at__isnull=False),
                name="provider_call_refused",
            ),
        ]
