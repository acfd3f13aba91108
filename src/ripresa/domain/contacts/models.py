"""Tables of the contacts slice.

A contact is what its keys say: `contact_key` holds the facts each key brought, `contact` their sum.
Rows elsewhere remember the key they came with (`person_key`), so a merge or a split moves them by one UPDATE.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ripresa.core.tenancy import TenantModel, shop_reference, tenant_reference


class Contact(TenantModel):
    """A person we may write to: the sum of the facts of its keys."""

    email = models.TextField(null=True)
    phone = models.TextField(null=True)
    customer_id = models.TextField(null=True)
    first_name = models.TextField(null=True)
    last_name = models.TextField(null=True)
    locale = models.TextField(null=True)
    timezone = models.TextField(null=True)
    address = models.JSONField(null=True)
    agent = models.TextField(null=True)
    reachable_at = models.DateTimeField(null=True)
    consent_email = models.TextField(default="unknown")
    consent_sms = models.TextField(default="unknown")
    consent_letter = models.TextField(default="unknown")
    created_at = models.DateTimeField()
    # Since then nobody: what she was is gone, and the row stands for her in the shop's figures.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact"
        indexes = [
            models.Index(fields=["shop", "email"], name="contact_email"),
            models.Index(fields=["shop", "phone"], name="contact_phone"),
        ]


class ContactKey(models.Model):
    """A key of a person: `email:…`, `customer:…` or, for people known by nothing else, `phone:…`.

    `facts` maps a field to [value, occurred_at, event id]: the latest wins, ties by event id.
    """

    pk = models.CompositePrimaryKey("shop_id", "key")
    shop = shop_reference()
    key = models.TextField()
    contact_id = models.UUIDField()
    contact = tenant_reference("contacts.Contact", "contact_id")
    facts = models.JSONField(default=dict)
    reachable_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_key"
        indexes = [models.Index(fields=["shop", "contact_id"], name="contact_key_contact")]


class ContactLink(models.Model):
    """Two strong keys that a trusted event named together: one person."""

    pk = models.CompositePrimaryKey("shop_id", "left_key", "right_key")
    shop = shop_reference()
    left_key = models.TextField()
    right_key = models.TextField()

    class Meta:
        db_table = "contact_link"
        indexes = [models.Index(fields=["shop", "right_key"], name="contact_link_right")]


class VisitKey(models.Model):
    """A cart (`token:…`) or browser (`visitor:…`) on which a person's key was seen, first and last.

    On a cart also the checkout it became, and the tokens under which it was restored.
    """

    pk = models.CompositePrimaryKey("shop_id", "visit", "key")
    shop = shop_reference()
    visit = models.TextField()
    key = models.TextField()
    trusted = models.BooleanField()
    earliest_at = models.DateTimeField()
    latest_at = models.DateTimeField()

    class Meta:
        db_table = "visit_key"
        indexes = [models.Index(fields=["shop", "key"], name="visit_key_key")]


class PhoneClaim(models.Model):
    """A phone number that a person's key claimed. The latest claim owns the number (CUS-5)."""

    pk = models.CompositePrimaryKey("shop_id", "phone", "key")
    shop = shop_reference()
    phone = models.TextField()
    key = models.TextField()
    earliest_at = models.DateTimeField()
    latest_at = models.DateTimeField()
    latest_event = models.TextField()

    class Meta:
        db_table = "phone_claim"
        indexes = [models.Index(fields=["shop", "key"], name="phone_claim_key")]


class ContactSplit(TenantModel):
    """Keys that belong apart from all others, whatever links them: a merge taken back by hand."""

    keys = ArrayField(models.TextField())
    event_id = models.TextField()
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "contact_split"
        constraints = [
            models.UniqueConstraint(fields=["shop", "event_id"], name="contact_split_once")
        ]


class ConsentClaim(models.Model):
    """What was said about consent, by key, channel, state and whether it is the person's own word.

    Only the latest of each is kept: that decides, and is the proof (text, time, source).
    """

    pk = models.CompositePrimaryKey("shop_id", "key", "channel", "state", "proven")
    shop = shop_reference()
    key = models.TextField()
    channel = models.TextField()
    state = models.TextField()
    proven = models.BooleanField()
    earliest_at = models.DateTimeField()
    latest_at = models.DateTimeField()
    latest_event = models.TextField()
    source = models.TextField(default="")
    text = models.TextField(default="")
    version = models.TextField(default="", db_default="")
    ip = models.TextField(default="", db_default="")

    class Meta:
        db_table = "consent_claim"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["granted", "denied", "pending"]),
                name="consent_claim_state",
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=["email", "sms", "letter"]),
                name="consent_claim_channel",
            ),
        ]


class ConsentWord(models.Model):
    """Every direct word about consent as it came: the history behind `consent_claim`, never rewritten.

    `by`: who wrote it down, where it was not the shop or the person herself.
    """

    pk = models.CompositePrimaryKey("shop_id", "key", "channel", "event_id")
    shop = shop_reference()
    key = models.TextField()
    channel = models.TextField()
    event_id = models.TextField()
    state = models.TextField()
    proven = models.BooleanField()
    at = models.DateTimeField()
    source = models.TextField(default="")
    text = models.TextField(default="")
    version = models.TextField(default="")
    ip = models.TextField(default="")
    by = models.TextField(default="")

    class Meta:
        db_table = "consent_word"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["granted", "denied", "pending"]),
                name="consent_word_state",
            ),
        ]


class Suppression(TenantModel):
    """An address never to be used, with its cause. No consent lifts it.

    `until`: it only rests that long, for messages to it bounced softly; it is used again afterwards.
    """

    channel = models.TextField()
    address = models.TextField()
    cause = models.TextField()
    detail = models.TextField(default="")
    until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "suppression"
        constraints = [
            models.UniqueConstraint(fields=["shop", "channel", "address"], name="suppression_once"),
        ]


class LanguageChoice(models.Model):
    """The language that a person chose herself, by one of her keys. It beats what browsers say (LNG-2)."""

    pk = models.CompositePrimaryKey("shop_id", "key")
    shop = shop_reference()
    key = models.TextField()
    language = models.TextField()
    chosen_at = models.DateTimeField()

    class Meta:
        db_table = "language_choice"


class SuppressedDigest(models.Model):
    """The SHA-256 of an address never to be used: from a list that tells no more than that."""

    pk = models.CompositePrimaryKey("shop_id", "channel", "digest")
    shop = shop_reference()
    channel = models.TextField()
    digest = models.BinaryField()
    cause = models.TextField()
    detail = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "suppressed_digest"


class SuppressionChange(TenantModel):
    """What somebody changed of the suppression list by hand: who, when and why."""

    at = models.DateTimeField()
    by = models.TextField()
    why = models.TextField(default="")
    action = models.TextField()
    channel = models.TextField()
    address = models.TextField()
    cause = models.TextField()

    class Meta:
        db_table = "suppression_change"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__in=["added", "removed"]),
                name="suppression_change_action",
            ),
        ]


class Tombstone(models.Model):
    """A key of a person who was erased, as a keyed hash: she is not to come back."""

    pk = models.CompositePrimaryKey("shop_id", "key_hash")
    shop = shop_reference()
    key_hash = models.BinaryField()
    erased_at = models.DateTimeField()
    by = models.TextField(default="")

    class Meta:
        db_table = "tombstone"


class ConsentRequest(TenantModel):
    """A mail that asks whether a page's yes was hers; one row for an address. `due_at`: when to mail it."""

    key = models.TextField()
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "consent_request"
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="consent_request_once"),
        ]
        indexes = [
            # Without the shop: an idle shop costs the tick nothing.
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="consent_request_due_anywhere",
            ),
        ]


class ReceivingDomain(models.Model):
    """A domain to which a shop's mails go. `takes_mail`: yes, no or unknown, as the DNS said last.

    `meant`: what was meant by one that is a slip of the pen. `per_hour`: no more than so many mails in
    an hour until `slowed_until`, for `cause`.
    """

    pk = models.CompositePrimaryKey("shop_id", "domain")
    shop = shop_reference()
    domain = models.TextField()
    takes_mail = models.TextField()
    meant = models.TextField(default="", db_default="")
    checked_at = models.DateTimeField()
    per_hour = models.IntegerField(null=True)
    slowed_until = models.DateTimeField(null=True)
    cause = models.TextField(default="", db_default="")

    class Meta:
        db_table = "receiving_domain"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(takes_mail__in=["yes", "no", "unknown"]),
                name="receiving_domain_takes_mail",
            ),
        ]
