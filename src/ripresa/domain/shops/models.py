"""Tables of the shops slice."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ripresa.core.tenancy import TenantModel


class Shop(models.Model):
    """One tenant and storefront. The only table that others refer to by a single column."""

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.TextField()
    store_url = models.TextField(default="")
    hosts = ArrayField(models.TextField(), default=list)
    address = models.TextField(default="")
    owner_email = models.TextField(default="")
    # Where its people are found, as HELP by SMS is told; empty: its sender's address.
    help_contact = models.TextField(default="", db_default="")
    currency = models.CharField(max_length=3, default="EUR")
    timezone = models.TextField(default="Europe/Rome")
    country = models.CharField(max_length=2, default="IT")
    language = models.TextField(default="en")
    abandoned_after = models.DurationField(default=timedelta(hours=1))
    expires_after = models.DurationField(default=timedelta(days=30))
    min_gap = models.DurationField(default=timedelta(0))
    # At most one new coupon for a person in so long (CPN-5); None: as many as her carts earn her.
    coupon_gap = models.DurationField(null=True)
    # Hours by channel, country and weekday, and holidays, as scenarios/hours/document.py reads them.
    hours = models.JSONField(default=dict, db_default={})
    # What it asks beyond the legal presets, as scenarios/legal_basis/own.py reads it.
    own_bases = models.JSONField(default=list, db_default=[])
    # What it does not use, by its own choice, and what whoever runs the install withholds (features.py).
    features_off = ArrayField(models.TextField(), default=list, db_default=[])
    features_withheld = ArrayField(models.TextField(), default=list, db_default=[])
    max_steps = models.IntegerField(db_default=4)
    # A platform that was silent for longer is asked for orders before messages leave; None: never.
    ask_after = models.DurationField(
        null=True, default=timedelta(minutes=15), db_default=timedelta(minutes=15)
    )
    # One yes to e-mail or SMS is a yes to both, and so is one no (CNS-1).
    couple_channels = models.BooleanField(default=False, db_default=False)
    # Days by kind of data, where they are not the default; and when it was last tidied.
    retention = models.JSONField(default=dict)
    tidied_at = models.DateTimeField(null=True)
    # When the domains that receive its mails were last judged.
    receivers_at = models.DateTimeField(null=True)
    # Whether a yes said to the storefront script must be confirmed: by_country, always or never.
    confirm_consent = models.TextField(default="by_country", db_default="by_country")
    collect_enabled = models.BooleanField(default=True)
    # Whether links in mails lead by way of us, and whether mails carry a picture that tells of opens.
    track_clicks = models.BooleanField(default=False, db_default=False)
    track_opens = models.BooleanField(default=False, db_default=False)
    # What the pop-up of the storefront script was told (`said`), and what pages get of it (`page`).
    popup = models.JSONField(null=True)
    stopped_at = models.DateTimeField(null=True)
    # When it was last looked whether the shop goes quiet.
    watched_at = models.DateTimeField(null=True)
    # By whom or what: empty for a person, `volume` for the breaker.
    stopped_reason = models.TextField(db_default="", default="")
    # Since when all is decided and nothing leaves; carts left before `shadow_until` stay without a message.
    shadow_since = models.DateTimeField(null=True)
    shadow_until = models.DateTimeField(null=True)
    # Most messages in an hour; None: a multiple of what is usual (OPS-4).
    volume_limit = models.IntegerField(null=True)
    # Until then a person has said that so many are right.
    volume_confirmed_until = models.DateTimeField(null=True)
    # Members sign in with more than a password; what goes live is looked at by a second person.
    second_factor = models.BooleanField(default=False, db_default=False)
    second_person = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "shop"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirm_consent__in=["by_country", "always", "never"]),
                name="shop_confirm_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccessKey(TenantModel):
    """A key to the intake. `secret` keys are the shop's own systems; `public` ones stand in its pages."""

    kind = models.TextField()
    digest = models.BinaryField()
    # A public key itself: it stands in the shop's pages for everybody to read. A secret one is kept nowhere.
    text = models.TextField(default="", db_default="")
    source = models.TextField(default="shop")
    label = models.TextField(default="")
    rate_per_second = models.IntegerField(default=1000)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_key"
        constraints = [
            models.UniqueConstraint(fields=["shop", "digest"], name="access_key_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["secret", "public"]), name="access_key_kind"
            ),
        ]


class ApiKey(TenantModel):
    """A key to the management API of one shop. The key itself is stored nowhere, only its SHA-256."""

    digest = models.BinaryField()
    label = models.TextField(default="")
    scopes = ArrayField(models.TextField())
    rate_per_second = models.IntegerField(default=50)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # The user who made it in the console: what it asks for, she has asked for. None: it is not known.
    made_by = models.IntegerField(null=True)
    # To the hour: who uses it all the time costs one statement an hour.
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_key"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    scopes__contained_by=["read", "write", "send", "approve"], scopes__len__gt=0
                ),
                name="api_key_scopes",
            ),
        ]


class Install(models.Model):
    """What holds for all shops at once. One row, or none as long as nobody has changed anything."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    stopped_at = models.DateTimeField(null=True)
    # What `secret_mark` knows the secret by; None: nobody has begun yet, or before there was this.
    secret_mark = models.TextField(null=True)

    class Meta:
        db_table = "install"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="install_once")]


class Membership(TenantModel):
    """Who may work in which shop. No foreign key to the user: that table is no tenant's."""

    # Since when the whole install is stopped, where `queries.list_memberships` has read the row.
    install_stopped_at: datetime | None
    # Whether long work runs in its shop, where that was asked with the row.
    has_work: bool

    user = models.ForeignKey("auth.User", models.CASCADE, db_constraint=False, related_name="+")
    role = models.TextField()
    # Since when she is asked to join; None: she has.
    invited_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "membership"
        constraints = [
            models.UniqueConstraint(fields=["shop", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "marketer", "agent", "viewer"]),
                name="membership_role",
            ),
        ]


class SavedView(TenantModel):
    """The filters of a list under a name. `user_id`: whose it is; None: everybody's in the shop.

    `room` is the list, `query` the filters as they stand in its address. No foreign key to the user: that
    table is no tenant's.
    """

    room = models.TextField()
    name = models.TextField()
    query = models.TextField()
    user_id = models.IntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "saved_view"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "room", "user_id", "name"],
                name="saved_view_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(room__in=["carts", "customers"]), name="saved_view_room"
            ),
        ]


class Approval(TenantModel):
    """A second person is asked whether something may go live, and what she said.

    It holds for exactly what was asked about: `digest` is the SHA-256 of the file of the scenario or the
    campaign. `asked_by` and `decided_by` are actors, as the audit log names them.
    """

    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    subject_name = models.TextField()
    digest = models.BinaryField()
    text = models.TextField()
    facts = models.JSONField(default=dict)
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(null=True)
    reason = models.TextField(default="")

    class Meta:
        db_table = "approval"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "subject_kind", "subject_id", "digest"],
                condition=models.Q(is_approved__isnull=True),
                name="approval_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(subject_kind__in=["scenario", "campaign"]),
                name="approval_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(is_approved__isnull=True, decided_at__isnull=True)
                | models.Q(is_approved__isnull=False, decided_at__isnull=False),
                name="approval_decided",
            ),
        ]
