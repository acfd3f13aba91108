"""Tables of the attribution slice.

Messages, what was heard of them, orders and carts are facts already and stay where they are. Here are the
touchpoints from outside, the shares of each order, and figures by day, which any rebuild gives again.
"""

from datetime import timedelta
from uuid import UUID

from django.db import models

from ripresa.core.tenancy import TenantModel, shop_reference, unchecked_shop

# Stands where there is no agent, no campaign: a key has no empty columns.
NOBODY = UUID(int=0)


class ReportSettings(models.Model):
    """How a shop wants its orders credited, and up to when its figures are.

    `margin`: what is left of a hundredth of revenue after the goods, in hundredths of a per cent; None:
    not said. `next_at`: not before then are figures looked after again.
    """

    shop = models.OneToOneField("shops.Shop", models.DO_NOTHING, primary_key=True, related_name="+")
    window = models.DurationField(default=timedelta(days=30))
    with_opens = models.BooleanField(default=False)
    margin = models.IntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    # No column: whether a mark waits to be counted, as `settings_of` has read it with the row.
    is_behind = True

    class Meta:
        db_table = "report_settings"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(margin__isnull=True) | models.Q(margin__range=(0, 10_000)),
                name="report_settings_margin",
            ),
        ]

    @property
    def margin_share(self) -> float | None:
        """The margin as a share: 0.4; None: not said."""
        return None if self.margin is None else self.margin / 10_000


class Touchpoint(TenantModel):
    """A touchpoint from outside: a fair, a call, a page visit. Partitioned by the month of its id.

    The id is made of `at`, `source` and what it is called there, so the same one is never stored twice.
    `order_external_id`, if set, is the one order it may earn; else all of the person behind `key`.
    """

    source = models.TextField()
    external_id = models.TextField()
    at = models.DateTimeField()
    kind = models.TextField()
    channel = models.TextField()
    key = models.TextField()
    order_external_id = models.TextField()
    is_machine = models.BooleanField()

    class Meta:
        db_table = "touchpoint"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["click", "agent", "letter", "open", "direct", "outside"]
                ),
                name="touchpoint_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "key", "at"], name="touchpoint_key"),
            models.Index(fields=["shop", "order_external_id"], name="touchpoint_order"),
        ]


class DigestWish(TenantModel):
    """A member wants the figures by mail, `every` week or month, in her language.

    `user_id` names her without a foreign key: that table is no tenant's. `next_at`: when the next mail is
    due; `told_until`: the last day of the period that was told last, so none is told twice.
    """

    user_id = models.BigIntegerField()
    every = models.TextField()
    language = models.TextField()
    next_at = models.DateTimeField()
    told_until = models.DateField(null=True)
    attempts = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "report_digest"
        constraints = [
            models.UniqueConstraint(fields=["shop", "user_id"], name="report_digest_once"),
            models.CheckConstraint(
                condition=models.Q(every__in=["week", "month"]), name="report_digest_every"
            ),
        ]
        # Without the shop: an idle shop costs the tick nothing.
        indexes = [models.Index(fields=["next_at"], name="report_digest_due_anywhere")]


class OrderCredit(models.Model):
    """What one touchpoint got of an order under each model, in minor units of the order's currency.

    `place` counts them by time from 1. `touch_id`: the message, the call or the touchpoint from outside.
    `is_agents`: an agent spoke with her since she left the cart, so no e-mail has a share (AGT-4).
    No foreign keys (docs/adr/0014): the statement that writes reads the order, and no order is deleted.
    """

    pk = models.CompositePrimaryKey("shop_id", "order_id", "place")
    shop = unchecked_shop()
    order_id = models.UUIDField()
    place = models.SmallIntegerField()
    is_latest = models.BooleanField()
    touch_id = models.UUIDField()
    kind = models.TextField()
    channel = models.TextField()
    at = models.DateTimeField()
    message_id = models.UUIDField(null=True)
    agent_id = models.UUIDField(null=True)
    is_agents = models.BooleanField()
    linear_minor = models.BigIntegerField()
    last_minor = models.BigIntegerField()
    first_minor = models.BigIntegerField()
    position_minor = models.BigIntegerField()
    decay_minor = models.BigIntegerField()

    class Meta:
        db_table = "order_credit"


class StaleMark(TenantModel):
    """Something that figures rest on has changed: what concerns a person, or a day, or a day's orders.

    `at`: an instant whose day's figures changed. `day`: its orders are to be credited anew as well.
    """

    contact_id = models.UUIDField(null=True)
    at = models.DateTimeField(null=True)
    day = models.DateField(null=True)

    class Meta:
        db_table = "report_stale"


class MessageFigures(models.Model):
    """Messages handed over on a day of the shop's zone, and what became of them."""

    pk = models.CompositePrimaryKey(
        "shop_id", "day", "origin_kind", "origin_id", "version", "step", "template", "channel",
        "language", "agent_id", "currency",
    )  # fmt: skip
    shop = shop_reference()
    day = models.DateField()
    origin_kind = models.TextField()
    origin_id = models.UUIDField()
    version = models.IntegerField()
    step = models.TextField()
    template = models.TextField()
    channel = models.TextField()
    language = models.TextField()
    agent_id = models.UUIDField()
    currency = models.TextField()
    sent = models.IntegerField()
    delivered = models.IntegerField()
    opened = models.IntegerField()
    clicked = models.IntegerField()
    unsubscribed = models.IntegerField()
    bounced = models.IntegerField()
    complained = models.IntegerField()
    cost_minor = models.BigIntegerField()

    class Meta:
        db_table = "report_messages"


class CreditFigures(models.Model):
    """What orders of a day are credited to, under each model."""

    pk = models.CompositePrimaryKey(
        "shop_id", "day", "origin_kind", "origin_id", "version", "step", "template", "channel",
        "language", "agent_id", "currency", "is_agents",
    )  # fmt: skip
    shop = shop_reference()
    day = models.DateField()
    origin_kind = models.TextField()
    origin_id = models.UUIDField()
    version = models.IntegerField()
    step = models.TextField()
    template = models.TextField()
    channel = models.TextField()
    language = models.TextField()
    agent_id = models.UUIDField()
    currency = models.TextField()
    is_agents = models.BooleanField()
    orders = models.IntegerField()
    orders_first = models.IntegerField()
    coupon_orders = models.IntegerField()
    coupon_minor = models.BigIntegerField()
    linear_minor = models.BigIntegerField()
    last_minor = models.BigIntegerField()
    first_minor = models.BigIntegerField()
    position_minor = models.BigIntegerField()
    decay_minor = models.BigIntegerField()

    class Meta:
        db_table = "report_credits"


class SalesFigures(models.Model):
    """Orders of a day that count, in one currency; those that brought a cart back apart."""

    pk = models.CompositePrimaryKey("shop_id", "day", "currency")
    shop = shop_reference()
    day = models.DateField()
    currency = models.TextField()
    orders = models.IntegerField()
    gross_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    recovered_orders = models.IntegerField()
    recovered_minor = models.BigIntegerField()

    class Meta:
        db_table = "report_sales"


class AbandonmentFigures(models.Model):
    """Carts first left on a day, each once, and what became of them. `cause` is empty: not recovered."""

    pk = models.CompositePrimaryKey("shop_id", "day", "kind", "cause", "channel", "currency")
    shop = shop_reference()
    day = models.DateField()
    kind = models.TextField()
    cause = models.TextField()
    channel = models.TextField()
    currency = models.TextField()
    carts = models.IntegerField()
    value_minor = models.BigIntegerField()
    recovered_minor = models.BigIntegerField()
    seconds = models.BigIntegerField()

    class Meta:
        db_table = "report_abandonments"
