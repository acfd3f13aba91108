"""Tables of the coupons slice: the pools, what lies in them, and what was given out of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from ripresa.core.tenancy import TenantModel, tenant_reference, unchecked_shop


class CouponPool(TenantModel):
    """Codes for one purpose. static: one code for everybody; dynamic: codes that serve once.

    `code` and `expires_at` are those of a static pool. `low_water`: at so many codes left, or fewer,
    the owner is told once; `told_low_at` says that she was, until codes are added.
    """

    name = models.TextField()
    kind = models.TextField()
    code = models.TextField(null=True)
    expires_at = models.DateTimeField(null=True)
    low_water = models.IntegerField(null=True)
    told_low_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "coupon_pool"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="coupon_pool_once"),
            models.CheckConstraint(
                condition=models.Q(kind="static", code__isnull=False, low_water__isnull=True)
                | models.Q(kind="dynamic", code__isnull=True, expires_at__isnull=True),
                name="coupon_pool_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(low_water__isnull=True) | models.Q(low_water__gte=0),
                name="coupon_pool_low_water",
            ),
        ]


class CouponMint(TenantModel):
    """A pool whose codes the shop makes; `ahead` of them are to be at hand.

    `connection_id` None: the oldest open connection that makes coupons is asked.

    `value` in percent where `is_percent`, else money in `currency`, as `minimum`: in major units, as shops
    are told. `drawn` are codes the shop was asked for and has not answered about; `drawn_until` is their
    end. Looked after at `due_at`; `trouble` says why the shop makes none just now (`said`: of what
    that is made, calling.sayings), and `is_refused` that this will not pass by itself.
    """

    pool_id = models.UUIDField()
    pool = tenant_reference("coupons.CouponPool", "pool_id")
    connection_id = models.UUIDField(null=True)
    connection = tenant_reference("connections.Connection", "connection_id")
    value = models.DecimalField(max_digits=12, decimal_places=2)
    is_percent = models.BooleanField()
    currency = models.CharField(max_length=3)
    minimum = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    valid_for = models.DurationField(null=True)
    ahead = models.IntegerField()
    prefix = models.TextField(default="")
    drawn = ArrayField(models.TextField(), default=list)
    drawn_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    trouble = models.TextField(default="")
    said = models.JSONField(default=dict, db_default={})
    is_refused = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "coupon_mint"
        constraints = [
            models.UniqueConstraint(fields=["shop", "pool_id"], name="coupon_mint_once_per_pool"),
            models.CheckConstraint(
                condition=models.Q(ahead__gte=1, value__gt=0), name="coupon_mint_makes_something"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="coupon_mint_due_anywhere")]


class CouponCode(TenantModel):
    """A code of a dynamic pool; free as long as `reserved_at` is empty.

    Ids grow in the order of the file, so codes that expire together are given in that order.
    `expires_at` is what the file said, None if nothing: the code is good up to that instant.
    `checked_at`: when the shop said that it stands; None: nobody asked, or the shop can't tell.
    """

    shop = (
        unchecked_shop()
    )  # the pool's reference has it: a look-up less for each of a million rows
    pool_id = models.UUIDField()
    pool = tenant_reference("coupons.CouponPool", "pool_id")
    code = models.TextField()
    expires_at = models.DateTimeField(null=True)
    reserved_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "coupon_code"
        constraints = [
            # In the whole shop, and whatever its capitals: shops compare codes that way, so the same
            # file imported into two pools would give a code to two people.
            models.UniqueConstraint("shop", Lower("code"), name="coupon_code_once"),
        ]
        indexes = [
            # Of the free ones only, and in the order of giving: a million of them cost what ten cost.
            models.Index(
                fields=["shop", "pool_id", "expires_at", "id"],
                condition=models.Q(reserved_at__isnull=True),
                name="coupon_code_free",
            ),
        ]


class CouponIssue(TenantModel):
    """A code in the hand of a person: what stood, or will stand, in the messages of one step.

    `code_id` is empty for a static code. `sent_at` is set once a message with the code left or may
    have left: from then on it is never given back. `expires_at` is what the message says.
    `origin_id` names a recovery (or a campaign recipient, a manual send) without a foreign key.
    """

    pool_id = models.UUIDField()
    pool = tenant_reference("coupons.CouponPool", "pool_id")
    code_id = models.UUIDField(null=True)
    coupon_code = tenant_reference("coupons.CouponCode", "code_id")
    code = models.TextField()
    contact_id = models.UUIDField()
    contact = tenant_reference("contacts.Contact", "contact_id")
    origin_kind = models.TextField()
    origin_id = models.UUIDField()
    step = models.TextField()
    reserved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "coupon_issue"
        constraints = [
            # One code for a step, shared by its channels (CPN-3).
            models.UniqueConstraint(
                fields=["shop", "origin_kind", "origin_id", "step"],
                name="coupon_issue_once_per_step",
            ),
            # Never handed out twice (CPN-3): the promise lives here, the locks only spare the refusal.
            models.UniqueConstraint(fields=["shop", "code_id"], name="coupon_issue_once_per_code"),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True)
                | models.Q(sent_at__gte=models.F("reserved_at")),
                name="coupon_issue_sent_after_reserved",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "contact_id", "reserved_at"], name="coupon_issue_contact"),
            models.Index(fields=["shop", "pool_id", "reserved_at", "id"], name="coupon_issue_pool"),
        ]
