"""Tables of the campaigns slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel, tenant_reference

STATES = ("draft", "scheduled", "live", "paused", "ended")


class Campaign(TenantModel):
    """One message to an audience; `text` is its file, `plan` what was understood of it.

    draft: nothing leaves. scheduled: it begins at `due_at`. live: new people are looked for at `due_at`.
    paused: what is planned is held, for `paused_reason`; `paused_kind` is one of CAUSES. ended: for good.
    `condition` is the audience as it was when it started. `seen_to`: behind whom the next page of the
    audience begins; `is_exhausted`: everybody was looked at, and nobody is looked for any more.
    `used_*`: what has left or was about to and will try again, in messages and minor units of the shop's
    currency; it is counted only where there is a budget.
    """

    name = models.TextField()
    about = models.TextField()
    state = models.TextField(default="draft")
    text = models.TextField()
    plan = models.JSONField()
    condition = models.JSONField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    seen_to = models.UUIDField(null=True)
    is_exhausted = models.BooleanField(default=False)
    paused_kind = models.TextField(default="")
    paused_reason = models.TextField(default="")
    max_messages = models.IntegerField(null=True)
    max_cost_minor = models.BigIntegerField(null=True)
    used_messages = models.IntegerField(default=0)
    used_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "campaign"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="campaign_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=list(STATES)), name="campaign_state"
            ),
            models.CheckConstraint(
                condition=models.Q(about__in=["abandoned_cart", "thank_you", "none"]),
                name="campaign_about",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["scheduled", "live"], due_at__isnull=False)
                | (~models.Q(state__in=["scheduled", "live"]) & models.Q(due_at__isnull=True)),
                name="campaign_due_iff_under_way",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(condition__isnull=False),
                name="campaign_condition_unless_draft",
            ),
            # The budget is a promise: it holds whatever the code forgets.
            models.CheckConstraint(
                condition=models.Q(max_messages__isnull=True)
                | models.Q(used_messages__lte=models.F("max_messages")),
                name="campaign_within_messages",
            ),
            models.CheckConstraint(
                condition=models.Q(max_cost_minor__isnull=True)
                | models.Q(used_minor__lte=models.F("max_cost_minor")),
                name="campaign_within_cost",
            ),
        ]
        indexes = [
            # Without the shop: an idle shop costs the tick nothing.
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="campaign_due_anywhere",
            ),
        ]


class CampaignDraft(TenantModel):
    """A campaign file that somebody is still writing: it may be wrong in any way a file can be.

    `campaign_id`: the kept draft that it will replace, None for a new campaign. `name` is the file's.
    """

    campaign_id = models.UUIDField(null=True)
    campaign = tenant_reference("campaigns.Campaign", "campaign_id")
    name = models.TextField()
    text = models.TextField()
    saved_by = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "campaign_draft"
        constraints = [
            models.UniqueConstraint(fields=["shop", "campaign_id"], name="campaign_draft_once"),
        ]


class CampaignRecipient(TenantModel):
    """Somebody whom a campaign reaches, or tried to: the origin of her messages.

    `cart_id` is the cart it speaks of, `order_id` the order it thanks for. `key` is one of her keys: where
    there is no cart she is followed by it when people are merged or parted. planned: messages of hers may
    still leave; over: what became of them stands with them. `is_double`: she turned out to be somebody
    whom the campaign has already.
    """

    campaign_id = models.UUIDField()
    campaign = tenant_reference("campaigns.Campaign", "campaign_id")
    contact_id = models.UUIDField()
    contact = tenant_reference("contacts.Contact", "contact_id")
    cart_id = models.UUIDField(null=True)
    cart = tenant_reference("carts.Cart", "cart_id")
    order_id = models.UUIDField(null=True)
    key = models.TextField()
    state = models.TextField(default="planned")
    is_double = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "campaign_recipient"
        constraints = [
            # Promise 2: a person is in a campaign once, and thanked once for an order, by whichever campaign.
            models.UniqueConstraint(
                fields=["shop", "campaign_id", "contact_id"],
                condition=models.Q(is_double=False),
                name="campaign_recipient_once",
            ),
            models.UniqueConstraint(
                fields=["shop", "order_id"], name="campaign_recipient_order_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "over"]), name="campaign_recipient_state"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "contact_id"], name="campaign_recipient_contact"),
            models.Index(fields=["shop", "cart_id"], name="campaign_recipient_cart"),
            models.Index(
                fields=["shop", "campaign_id"],
                condition=models.Q(state="planned"),
                name="campaign_recipient_planned",
            ),
        ]
