"""Tables of the webhooks slice."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ripresa.core.tenancy import TenantModel, shop_reference


class WebhookEndpoint(TenantModel):
    """An address that wants to hear of what happens in a shop. `secrets` are sealed: current, previous.

    `patterns` as in contracts/happenings. on; paused by hand; off: it kept failing or said that it is
    gone, see `off_reason`. The previous secret signs as well until `previous_until`. After failures in a row
    it rests until `rests_until`; since `failing_since` nothing has arrived.
    """

    name = models.TextField()
    url = models.TextField()
    patterns = ArrayField(models.TextField())
    secrets = models.BinaryField()
    previous_until = models.DateTimeField(null=True)
    state = models.TextField(default="on")
    off_reason = models.TextField(default="")
    created_at = models.DateTimeField()
    rests_until = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_endpoint"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="webhook_endpoint_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["on", "paused", "off"]), name="webhook_endpoint_state"
            ),
        ]


class WebhookEvent(TenantModel):
    """One thing that happened, kept because somebody wanted to hear it; `id` is told as webhook-id.

    `position` grows within a subject as things happened. `body` is what is told, composed at the first
    telling and the same ever after.
    """

    position = models.BigIntegerField()
    type = models.TextField()
    subject = models.UUIDField()
    happened_at = models.DateTimeField()
    contact_id = models.UUIDField(null=True)
    cart_id = models.UUIDField(null=True)
    facts = models.JSONField()
    about = models.JSONField()
    body = models.TextField(null=True)

    class Meta:
        db_table = "webhook_event"
        indexes = [
            models.Index(
                fields=["shop", "contact_id"],
                condition=models.Q(contact_id__isnull=False),
                name="webhook_event_contact",
            ),
            models.Index(
                fields=["shop", "cart_id"],
                condition=models.Q(cart_id__isnull=False),
                name="webhook_event_cart",
            ),
        ]


class WebhookDelivery(models.Model):
    """One event for one endpoint: waiting until `due_at`, delivered, or given up.

    A lease is nothing but a later due time; `attempts` is the fencing token. `subject` and `position` are
    the event's: of one subject only the first that waits is due.
    """

    pk = models.CompositePrimaryKey("shop_id", "endpoint_id", "event_id")
    shop = shop_reference()
    endpoint_id = models.UUIDField()
    event_id = models.UUIDField()
    subject = models.UUIDField()
    position = models.BigIntegerField()
    state = models.TextField(default="waiting")
    due_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_delivery"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", due_at__isnull=False, settled_at__isnull=True)
                | models.Q(
                    state__in=["delivered", "given_up"],
                    due_at__isnull=True,
                    settled_at__isnull=False,
                ),
                name="webhook_delivery_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "endpoint_id", "due_at", "position"],
                condition=models.Q(due_at__isnull=False),
                name="webhook_delivery_due",
            ),
            models.Index(
                fields=["shop", "endpoint_id", "subject", "position"],
                condition=models.Q(due_at__isnull=False),
                name="webhook_delivery_in_order",
            ),
            models.Index(fields=["shop", "event_id"], name="webhook_delivery_event"),
        ]


class WebhookAttempt(TenantModel):
    """One call that was made: `status` if it was answered, else the `problem`; how the reply begins."""

    endpoint_id = models.UUIDField()
    event_id = models.UUIDField()
    number = models.SmallIntegerField()
    at = models.DateTimeField()
    milliseconds = models.IntegerField()
    status = models.SmallIntegerField(null=True)
    problem = models.TextField(default="")
    reply = models.TextField(default="")

    class Meta:
        db_table = "webhook_attempt"
        indexes = [
            models.Index(fields=["shop", "event_id", "endpoint_id"], name="webhook_attempt_event"),
        ]
