"""Tables of the inbox slice. The intake writes them, the fold empties them."""

from django.db import models

from ripresa.core.tenancy import TenantModel, unchecked_shop


class InboxEvent(TenantModel):
    """One store event as it arrived. `payload` is dropped once folded; the slim row tells duplicates."""

    shop = unchecked_shop()
    source = models.TextField()
    external_id = models.TextField()
    type = models.TextField()
    trusted = models.BooleanField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    payload = models.TextField(null=True)
    folded_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)

    class Meta:
        db_table = "inbox"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "source", "external_id"], name="inbox_event_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "id"],
                condition=models.Q(folded_at__isnull=True),
                name="inbox_unfolded",
            ),
        ]


class PendingOrderKey(models.Model):
    """A key of an order that is accepted but not yet folded: hand-over looks here (promise 1)."""

    pk = models.CompositePrimaryKey("shop_id", "key", "inbox_id")
    shop = unchecked_shop()
    key = models.TextField()
    inbox_id = models.UUIDField()

    class Meta:
        db_table = "pending_order_key"
        indexes = [models.Index(fields=["shop", "inbox_id"], name="pending_order_of_event")]
