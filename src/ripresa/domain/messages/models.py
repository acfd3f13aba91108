"""Tables of the messages slice: the outbox, its links and the trail of decisions."""

from django.db import models

from ripresa.core.tenancy import TenantModel, shop_reference, tenant_reference, unchecked_shop
from ripresa.domain.messages.wording import unpack


class Sender(TenantModel):
    """Who a mail comes from. A refusal for policy pauses it until someone has looked (CNS-3)."""

    name = models.TextField()
    email = models.TextField()
    reply_to = models.TextField(default="")
    paused_at = models.DateTimeField(null=True)
    paused_reason = models.TextField(default="")

    class Meta:
        db_table = "sender"
        constraints = [models.UniqueConstraint(fields=["shop", "email"], name="sender_once")]


class Message(TenantModel):
    """One communication planned or sent in one channel.

    planned: `due_at` says when to look at it, `reason` what holds it, if anything does.
    sending: claimed by a worker until `lease_until`. From `departed_at` on it may be on the wire;
    before, it surely is not. sent, unknown: it left, or may have. The rest: over, with the reason.
    `handed_over_at` is set exactly while it counts as sent; `tried_at` is the first departure.
    `language` and the coupon are those in which it was handed over; `rule` is what allowed it.
    `origin_id` names a recovery, a campaign's recipient or a manual send, without a foreign key to the
    left. `cart_id` is empty only where a campaign speaks of no cart.
    """

    origin_kind = models.TextField()
    origin_id = models.UUIDField()
    step = models.TextField()
    step_number = models.SmallIntegerField()
    channel = models.TextField()
    contact_id = models.UUIDField()
    contact = tenant_reference("contacts.Contact", "contact_id")
    cart_id = models.UUIDField(null=True)
    cart = tenant_reference("carts.Cart", "cart_id")
    template = models.TextField()
    state = models.TextField()
    reason = models.TextField(null=True)
    rule = models.TextField(null=True)
    planned_for = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    sender_id = models.UUIDField(null=True)
    sender = tenant_reference("outbox.Sender", "sender_id")
    to_address = models.TextField(null=True)
    subject = models.TextField(null=True)
    language = models.TextField(null=True)
    coupon_code = models.TextField(null=True)
    coupon_expires_at = models.DateTimeField(null=True)
    receipt = models.TextField(null=True)
    # What its provider takes for it, as told before the hand-over; NULL: not told.
    cost_minor = models.BigIntegerField(null=True)
    cost_currency = models.CharField(max_length=3, null=True)
    # The version and branch of its scenario that it was handed over under; the recovery may move on.
    version_id = models.UUIDField(null=True)
    branch = models.TextField(null=True)
    # The shop's own provider account that it left by; kept when that is removed.
    account_id = models.UUIDField(null=True)
    # What was heard of it since, all told: see rules.delivery_of.
    delivery = models.TextField(null=True)
    delivered_at = models.DateTimeField(null=True)
    bounce_reason = models.TextField(null=True)

    class Meta:
        db_table = "message"
        constraints = [
            # Promise 2, never twice, lives here and not in an if.
            models.UniqueConstraint(
                fields=["shop", "origin_kind", "origin_id", "step", "channel"],
                name="message_once_per_step",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "planned", "sending", "sent", "skipped", "cancelled", "failed", "unknown",
                    ]
                ),
                name="message_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="planned", due_at__isnull=False)
                | (~models.Q(state="planned") & models.Q(due_at__isnull=True)),
                name="message_due_iff_planned",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sending", lease_until__isnull=False)
                | (~models.Q(state="sending") & models.Q(lease_until__isnull=True)),
                name="message_leased_iff_sending",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["sending", "sent", "unknown"], handed_over_at__isnull=False
                )
                | (
                    ~models.Q(state__in=["sending", "sent", "unknown"])
                    & models.Q(handed_over_at__isnull=True)
                ),
                name="message_handed_over_iff_sent",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "unknown"])
                | models.Q(departed_at__isnull=False),
                name="message_departed_when_sent",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["shop", "due_at"], condition=models.Q(state="planned"), name="message_due"
            ),
            # Without the shop: an idle shop costs the tick nothing.
            models.Index(
                fields=["due_at"], condition=models.Q(state="planned"), name="message_due_anywhere"
            ),
            models.Index(
                fields=["shop", "lease_until"],
                condition=models.Q(state="sending"),
                name="message_leased",
            ),
            models.Index(
                fields=["shop", "contact_id", "handed_over_at"], name="message_to_contact"
            ),
            models.Index(fields=["shop", "cart_id"], name="message_cart"),
            # What left on a day: figures are brought up to date day by day.
            models.Index(
                fields=["shop", "handed_over_at"],
                condition=models.Q(state__in=["sent", "unknown"]),
                name="message_left_on",
            ),
            # How a provider names it that tells us only its own word for it.
            models.Index(
                fields=["shop", "account_id", "receipt"],
                condition=models.Q(account_id__isnull=False, state="sent"),
                name="message_receipt",
            ),
        ]


class MessageFeedback(TenantModel):
    """One thing heard of a message (contracts/feedback.py), kept as it was told.

    `source` is who told it: a provider account's id, or our own bounce mailbox and tracking; with
    `event_id` it tells a repetition. `message_id` is null where no message of ours was meant. `verdict`,
    of opens and clicks: a person or a machine, and by which rule.
    """

    source = models.TextField()
    event_id = models.TextField()
    kind = models.TextField()
    message_id = models.UUIDField(null=True)
    message = tenant_reference("outbox.Message", "message_id")
    channel = models.TextField()
    recipient = models.TextField(null=True)
    reason = models.TextField(null=True)
    is_permanent = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    detail = models.TextField(default="")
    text = models.TextField(default="")
    url = models.TextField(default="")
    user_agent = models.TextField(default="")
    ip = models.TextField(default="")
    verdict = models.TextField(null=True)
    verdict_rule = models.TextField(default="")

    class Meta:
        db_table = "message_feedback"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "source", "event_id"], name="message_feedback_once"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__isnull=True)
                | models.Q(verdict__in=["person", "machine"], kind__in=["opened", "clicked"]),
                name="message_feedback_verdict",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "message_id", "occurred_at"], name="feedback_of_message"),
            models.Index(
                fields=["shop", "channel", "recipient", "occurred_at"],
                condition=models.Q(kind__in=["bounced", "delivered"]),
                name="feedback_of_address",
            ),
            # What the intake has seen and nobody has judged yet.
            models.Index(
                fields=["shop", "id"],
                condition=models.Q(
                    verdict__isnull=True,
                    kind__in=["opened", "clicked"],
                    message_id__isnull=False,
                ),
                name="feedback_unjudged",
            ),
        ]


class OwnerNotice(TenantModel):
    """What the shop's owner has to know: what paused itself, and why (SCN-11), or soon will. Mailed once.

    `due_at` says when to mail it, or to try again; empty once that is over. `scenario_id`, if it is about
    one, names it without a foreign key to the left.
    """

    kind = models.TextField()
    about = models.TextField()
    cause = models.TextField()
    scenario_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "owner_notice"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "coupons",
                        "coupons_low",
                        "credit",
                        "sender",
                        "failures",
                        "refused",
                        "volume",
                        "account",
                        "campaign",
                        "webhook",
                        "data_request",
                        "data_request_nobody",
                        "shop_erasure_refused",
                        "quiet",
                        "quiet_over",
                        "own_reminders",
                    ]
                ),
                name="owner_notice_kind",
            ),
        ]
        indexes = [
            # Without the shop: an idle shop costs the tick nothing.
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="owner_notice_due_anywhere",
            ),
        ]


class MergeSource(TenantModel):
    """A template as it is merged with someone's data: it names nobody. Shared by all it was sent to.

    `id` is of the content (wording.py), so the same one is kept once, whoever keeps it first.
    """

    body = models.BinaryField()

    class Meta:
        db_table = "merge_source"


class MessageContent(TenantModel):
    """What was said; `id` is the message's. A retry sends the same bytes, the page shows them.

    `words`: HTML and text as wording.py keeps them, beside what they were filled from; None: whole.
    `urls`: where its tracked links lead, in their order; nowhere else does a click on it lead.
    """

    subject = models.TextField()
    words = models.BinaryField()
    source_id = models.UUIDField(null=True)
    source = tenant_reference("outbox.MergeSource", "source_id", null=True)
    urls = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))

    class Meta:
        db_table = "message_content"

    def said(self) -> tuple[str, str]:
        """Its HTML, empty where its channel has none, and its text."""
        return unpack(bytes(self.words), bytes(self.source.body) if self.source_id else b"")


class MessageLetter(TenantModel):
    """What a letter said, block by block, so that a retry prints the same; `id` is the message's.

    `code` is printed on it: who holds a returned letter in his hands can name it.
    """

    content = models.JSONField()
    address_lines = models.JSONField()
    dated_on = models.DateField()
    code = models.TextField()
    pages = models.SmallIntegerField()

    class Meta:
        db_table = "message_letter"
        indexes = [models.Index(fields=["shop", "code"], name="message_letter_code")]


class MessageLink(models.Model):
    """A token that stood in a message, hashed (SHA-256): good for one purpose until it expires."""

    pk = models.CompositePrimaryKey("shop_id", "token_hash")
    shop = shop_reference()
    token_hash = models.BinaryField()
    purpose = models.TextField()
    message_id = models.UUIDField()
    message = tenant_reference("outbox.Message", "message_id")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "message_link"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=["restore", "unsubscribe", "view", "click"]),
                name="message_link_purpose",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "message_id"], name="message_link_message"),
            # Who earned an order asks every message whether its link was followed; most were not.
            models.Index(
                fields=["shop", "message_id"],
                condition=models.Q(purpose="restore", used_at__isnull=False),
                name="message_link_followed",
            ),
            # How many led back is asked of those that were followed on some days.
            models.Index(
                fields=["shop", "used_at"],
                condition=models.Q(purpose="restore", used_at__isnull=False),
                name="message_link_pressed",
            ),
        ]


class Decision(TenantModel):
    """The trail: every decision with its reason and the facts it was taken on (promise 5)."""

    shop = unchecked_shop()
    at = models.DateTimeField()
    origin_kind = models.TextField()
    origin_id = models.UUIDField()
    message_id = models.UUIDField(null=True)
    step = models.TextField(null=True)
    channel = models.TextField(null=True)
    outcome = models.TextField()
    reason = models.TextField()
    to_address = models.TextField(null=True)
    subject = models.TextField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "decision"
        indexes = [models.Index(fields=["shop", "origin_id", "at"], name="decision_origin")]


class MessageHour(models.Model):
    """How many messages of a shop were handed over in an hour (UTC, by its beginning)."""

    pk = models.CompositePrimaryKey("shop_id", "hour")
    shop = shop_reference()
    hour = models.DateTimeField()
    handed_over = models.IntegerField()

    class Meta:
        db_table = "message_hour"
