"""Tables of the scenarios slice."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ripresa.core.tenancy import TenantModel, shop_reference, tenant_reference


class Scenario(TenantModel):
    """The merchant's plan.

    `activated_at` is its first going live: older carts stay untouched (CAP-8). `version_id` is the
    version on which new recoveries run. `ended` is for good: it wants no cart any more.
    """

    name = models.TextField()
    state = models.TextField(default="draft")
    paused_reason = models.TextField(default="")
    activated_at = models.DateTimeField(null=True)
    version_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "scenario"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="scenario_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "live", "paused", "ended"]),
                name="scenario_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(activated_at__isnull=False),
                name="scenario_activated_unless_draft",
            ),
        ]


class ScenarioVersion(TenantModel):
    """What a scenario said at one time: recoveries under way finish on theirs (SCN-12)."""

    scenario_id = models.UUIDField()
    number = models.IntegerField()
    text = models.TextField()
    plan = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "scenario_version"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "scenario_id", "number"], name="scenario_version_once"
            ),
        ]


class ScenarioDraft(TenantModel):
    """A scenario file that somebody is still writing: it may be wrong in any way a file can be.

    `scenario_id`: whose next version it shall become, None for a new scenario. `name` is the file's.
    """

    scenario_id = models.UUIDField(null=True)
    scenario = tenant_reference("scenarios.Scenario", "scenario_id")
    name = models.TextField()
    text = models.TextField()
    saved_by = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "scenario_draft"
        constraints = [
            models.UniqueConstraint(fields=["shop", "scenario_id"], name="scenario_draft_once"),
        ]


class ScenarioReplay(TenantModel):
    """A draft's plan over the shop's own carts of the last `days`, asked for by a member (SCN-16).

    running: done by whoever is free, from the start again if it was cut off; `tries`: how often it
    began. failed: `trouble` says why, as a code. done: `result` holds what came of it, in numbers.
    `done` of `of` carts. `draft_id`: as which draft it stood then, which may be gone since.
    """

    draft_id = models.UUIDField()
    name = models.TextField()
    plan = models.JSONField()
    days = models.IntegerField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    state = models.TextField(default="running")
    trouble = models.TextField(default="")
    tries = models.IntegerField(default=0)
    done = models.BigIntegerField(default=0)
    of = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "scenario_replay"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["running", "failed", "done"]),
                name="scenario_replay_state",
            ),
            models.CheckConstraint(
                condition=models.Q(trouble__in=["", "too_long", "broke_down"]),
                name="scenario_replay_trouble",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "draft_id"], name="scenario_replay_draft"),
            # Without the shop: an idle shop costs the tick nothing.
            models.Index(
                fields=["state"],
                condition=models.Q(state="running"),
                name="scenario_replay_anywhere",
            ),
        ]


class Recovery(TenantModel):
    """One run of one scenario for one abandonment of one cart.

    waiting: abandoned, the scenario's own idle time still runs; taken up at `due_at`.
    active: messages are planned. done, cancelled, skipped: over, with the reason.
    """

    scenario_id = models.UUIDField()
    scenario = tenant_reference("scenarios.Scenario", "scenario_id")
    version_id = models.UUIDField()
    version = tenant_reference("scenarios.ScenarioVersion", "version_id")
    cart_id = models.UUIDField()
    cart = tenant_reference("carts.Cart", "cart_id")
    contact_id = models.UUIDField()
    contact = tenant_reference("contacts.Contact", "contact_id")
    branch = models.TextField(null=True)
    state = models.TextField()
    reason = models.TextField(null=True)
    left_at = models.DateTimeField()
    abandoned_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    taken_up_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recovery"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "scenario_id", "cart_id"],
                condition=models.Q(state__in=["waiting", "active"]),
                name="recovery_open_once",
            ),
            models.UniqueConstraint(
                fields=["shop", "scenario_id", "cart_id", "left_at"],
                name="recovery_once_per_abandonment",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "active", "done", "cancelled", "skipped"]),
                name="recovery_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", due_at__isnull=False)
                | (~models.Q(state="waiting") & models.Q(due_at__isnull=True)),
                name="recovery_due_iff_waiting",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "due_at"],
                condition=models.Q(state="waiting"),
                name="recovery_due",
            ),
            # Without the shop: an idle shop costs the tick nothing.
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="waiting"),
                name="recovery_due_anywhere",
            ),
            models.Index(fields=["shop", "cart_id"], name="recovery_cart"),
            models.Index(
                fields=["shop", "contact_id"],
                condition=models.Q(state="active"),
                name="recovery_active_contact",
            ),
        ]


class HoldoutAssignment(models.Model):
    """Whether a person is held out of a scenario, by one of her keys; the earliest of her lots holds."""

    pk = models.CompositePrimaryKey("shop_id", "scenario_id", "key")
    shop = shop_reference()
    scenario_id = models.UUIDField()
    scenario = tenant_reference("scenarios.Scenario", "scenario_id")
    key = models.TextField()
    is_held_out = models.BooleanField()
    assigned_at = models.DateTimeField()

    class Meta:
        db_table = "holdout_assignment"


class ArmAssignment(models.Model):
    """In which arm of a scenario's test a person is, by one of her keys; the earliest of her lots holds."""

    pk = models.CompositePrimaryKey("shop_id", "scenario_id", "test", "key")
    shop = shop_reference()
    scenario_id = models.UUIDField()
    scenario = tenant_reference("scenarios.Scenario", "scenario_id")
    test = models.TextField()
    key = models.TextField()
    arm = models.TextField()
    assigned_at = models.DateTimeField()

    class Meta:
        db_table = "arm_assignment"


class ManualSend(TenantModel):
    """A message that somebody sent by hand (SCN-14): who, for which cart, and what it may override.

    `plan` is a plan of one step, as it was worked out then. What became of it stands with its message,
    whose origin this is.
    """

    cart_id = models.UUIDField()
    cart = tenant_reference("carts.Cart", "cart_id")
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    overrides = ArrayField(models.TextField(), default=list)
    plan = models.JSONField()

    class Meta:
        db_table = "manual_send"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(overrides__contained_by=["caps", "quiet_hours"]),
                name="manual_send_overrides",
            ),
        ]
        indexes = [models.Index(fields=["shop", "cart_id"], name="manual_send_cart")]
