"""Tables of the carts slice. `cart` is a pure function of `cart_activity`, `shop_order` and the instant."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ripresa.core.tenancy import TenantModel, shop_reference, tenant_reference, unchecked_shop


class Cart(TenantModel):
    """Lines a shopper collects under one token; a token used again after its order: a new generation.

    `left_at` is the last activity, `due_at` the next instant at which time alone changes the state;
    `known_by`: token, visitor or nobody, says how the person was found.
    """

    source = models.TextField()
    token = models.TextField()
    generation = models.IntegerField()
    person_key = models.TextField(null=True)
    contact_id = models.UUIDField(null=True)
    contact = tenant_reference("contacts.Contact", "contact_id")
    known_by = models.TextField(default="nobody")
    visitor_id = models.TextField(null=True)
    checkout_id = models.TextField(null=True)
    state = models.TextField()
    kind = models.TextField()
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    item_count = models.IntegerField()
    items = models.JSONField()
    restore_url = models.TextField(null=True)
    user_agent = models.TextField(null=True)
    device = models.TextField(db_default="unknown")
    is_bot = models.BooleanField()
    is_test = models.BooleanField()
    begun_at = models.DateTimeField()
    left_at = models.DateTimeField()
    newest_at = models.DateTimeField()
    newest_event = models.TextField()
    reachable_at = models.DateTimeField(null=True)
    abandoned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    order_id = models.UUIDField(null=True)
    cause = models.TextField(null=True)
    cause_message_id = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cart"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "source", "token", "generation"], name="cart_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "open", "abandoned", "recovered", "ordered", "closed", "emptied", "expired",
                    ]
                ),
                name="cart_state",
            ),
            models.CheckConstraint(
                condition=models.Q(device__in=["mobile", "tablet", "desktop", "unknown"]),
                name="cart_device",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["shop", "due_at"], condition=models.Q(due_at__isnull=False), name="cart_due"
            ),
            models.Index(fields=["shop", "contact_id"], name="cart_contact"),
            models.Index(fields=["shop", "token"], name="cart_token"),
            models.Index(fields=["shop", "checkout_id"], name="cart_checkout"),
            models.Index(fields=["shop", "-left_at"], name="cart_left"),
            models.Index(fields=["shop", "abandoned_at"], name="cart_abandoned"),
            models.Index(
                fields=["shop", "visitor_id"],
                condition=models.Q(visitor_id__isnull=False),
                name="cart_visitor",
            ),
            # Figures over all carts of a shop are read from these two alone: rows of carts are wide.
            models.Index(
                fields=["shop", "left_at"],
                include=["state", "kind", "currency", "total_minor"],
                condition=models.Q(abandoned_at__isnull=False, is_bot=False, is_test=False),
                name="cart_figures",
            ),
            models.Index(
                fields=["shop", "ended_at"],
                include=["left_at", "kind", "currency", "total_minor", "abandoned_at", "order_id"],
                condition=models.Q(state="recovered", is_bot=False, is_test=False),
                name="cart_recovered",
            ),
        ]


class CartActivity(TenantModel):
    """What happened to a token, kept 90 days: enough to fold its carts again. `payload`: the cart block."""

    shop = unchecked_shop()
    source = models.TextField()
    token = models.TextField()
    occurred_at = models.DateTimeField()
    event_id = models.TextField()
    kind = models.TextField()
    payload = models.TextField(null=True)

    class Meta:
        db_table = "cart_activity"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "source", "token", "occurred_at", "event_id"],
                name="cart_activity_once",
            ),
        ]


class Abandonment(TenantModel):
    """A cart left behind, as it was: a second one never overwrites the first (CAP-4)."""

    cart_id = models.UUIDField()
    cart = tenant_reference("carts.Cart", "cart_id")
    abandoned_at = models.DateTimeField()
    left_at = models.DateTimeField()
    kind = models.TextField()
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    item_count = models.IntegerField()
    items = models.JSONField()

    class Meta:
        db_table = "abandonment"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "cart_id", "abandoned_at"], name="abandonment_once"
            ),
        ]
        indexes = [models.Index(fields=["shop", "abandoned_at"], name="abandonment_at")]


class CaptureAlarm(TenantModel):
    """A time in which far fewer carts were begun than usual: `seen` and `usual` in the `hours` before it."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    hours = models.IntegerField()
    seen = models.IntegerField()
    usual = models.IntegerField()

    class Meta:
        db_table = "capture_alarm"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "ended_at"],
                nulls_distinct=False,
                name="capture_alarm_one_at_a_time",
            ),
        ]


class Order(TenantModel):
    """A placed purchase. `placed_at` null: a cancellation or refund came before it."""

    source = models.TextField()
    external_id = models.TextField()
    number = models.TextField(default="")
    person_key = models.TextField(null=True)
    contact_id = models.UUIDField(null=True)
    contact = tenant_reference("contacts.Contact", "contact_id")
    currency = models.CharField(max_length=3, null=True)
    total_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(null=True)
    tax_minor = models.BigIntegerField(null=True)
    shipping_minor = models.BigIntegerField(null=True)
    discount_codes = ArrayField(models.TextField(), default=list)
    origin = models.TextField(default="web")
    is_test = models.BooleanField(default=False)
    placed_at = models.DateTimeField(null=True)
    content_at = models.DateTimeField(null=True)
    content_event = models.TextField(default="")
    cancelled_at = models.DateTimeField(null=True)
    refunded_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "shop_order"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "source", "external_id"], name="shop_order_once"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "contact_id", "placed_at"], name="shop_order_contact"),
            models.Index(fields=["shop", "placed_at"], name="shop_order_placed"),
        ]


class OrderKey(models.Model):
    """A key an order carried, so that it finds its carts: token, checkout id, customer, e-mail, phone."""

    pk = models.CompositePrimaryKey("shop_id", "key", "order_id")
    shop = shop_reference()
    key = models.TextField()
    order_id = models.UUIDField()
    order = tenant_reference("carts.Order", "order_id")

    class Meta:
        db_table = "order_key"
        indexes = [models.Index(fields=["shop", "order_id"], name="order_key_order")]


class CartWatermark(models.Model):
    """A cart that history brought. Left behind before `until`, it is nobody's to write to (CAP-8)."""

    pk = models.CompositePrimaryKey("shop_id", "source", "token")
    shop = shop_reference()
    source = models.TextField()
    token = models.TextField()
    until = models.DateTimeField()

    class Meta:
        db_table = "cart_watermark"


class Refund(TenantModel):
    """Money given back. Names its order by the shop's own id: it may arrive before the order."""

    source = models.TextField()
    external_id = models.TextField()
    order_external_id = models.TextField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "refund"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "source", "order_external_id", "external_id"], name="refund_once"
            ),
        ]
