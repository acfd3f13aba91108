"""Tables of the deals slice: agents and their customers, the pipeline, deals and their log."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ripresa.core.tenancy import TenantModel, shop_reference, tenant_reference


class Agent(TenantModel):
    """Somebody who sells in person. One who is no longer active is passed over everywhere.

    Until `away_until` she keeps what is hers: only notices and new customers go past her.
    """

    name = models.TextField(default="")
    email = models.TextField()
    is_active = models.BooleanField(default=True)
    away_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "agent"
        constraints = [models.UniqueConstraint(fields=["shop", "email"], name="agent_once")]


class AgentAssignment(models.Model):
    """Whose customer somebody is, by one of her keys: so a merge or a split needs no moving.

    `origin`: import or api, which somebody decided, or rule, which the rota did.
    """

    pk = models.CompositePrimaryKey("shop_id", "key")
    shop = shop_reference()
    key = models.TextField()
    agent_id = models.UUIDField()
    agent = tenant_reference("deals.Agent", "agent_id")
    origin = models.TextField()
    assigned_at = models.DateTimeField()

    class Meta:
        db_table = "agent_assignment"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(origin__in=["import", "api", "rule"]),
                name="agent_assignment_origin",
            ),
        ]
        indexes = [models.Index(fields=["shop", "agent_id"], name="agent_assignment_agent")]


class AssignmentRule(TenantModel):
    """Who gets customers that nobody has: the first rule that holds, its agents in turn.

    What it does not say, any does. The value is that of the cart: from `at_least_minor` to less than
    `below_minor`. `turn` counts the customers given so far; whoever raises it holds the row.
    """

    position = models.IntegerField()
    countries = ArrayField(models.CharField(max_length=2), default=list)
    segment = models.TextField(null=True)
    currency = models.CharField(max_length=3, null=True)
    at_least_minor = models.BigIntegerField(null=True)
    below_minor = models.BigIntegerField(null=True)
    turn = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "assignment_rule"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(currency__isnull=False)
                | models.Q(at_least_minor__isnull=True, below_minor__isnull=True),
                name="assignment_rule_money_has_currency",
            ),
        ]


class RuleAgent(models.Model):
    """An agent's place in the rota of a rule."""

    pk = models.CompositePrimaryKey("shop_id", "rule_id", "agent_id")
    shop = shop_reference()
    rule_id = models.UUIDField()
    rule = tenant_reference("deals.AssignmentRule", "rule_id")
    agent_id = models.UUIDField()
    agent = tenant_reference("deals.Agent", "agent_id")
    place = models.SmallIntegerField()

    class Meta:
        db_table = "rule_agent"


class Pipeline(TenantModel):
    """The stages of a shop. Without a name it bears the shipped one, in every console language."""

    key = models.TextField()
    name = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "pipeline"
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="pipeline_once")]


class Stage(TenantModel):
    """A place in the pipeline. Scenarios name it by `key`; without a name it bears the shipped one."""

    pipeline_id = models.UUIDField()
    pipeline = tenant_reference("deals.Pipeline", "pipeline_id")
    key = models.TextField()
    name = models.TextField(default="")
    kind = models.TextField()
    position = models.IntegerField()

    class Meta:
        db_table = "stage"
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="stage_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["open", "won", "lost"]), name="stage_kind"
            ),
        ]


class Deal(TenantModel):
    """A sale an agent works on, about one cart. Won is for good; an order wins what was lost, too.

    `moved_at`: a person has put it where it stands. `contacted_at`, `replied_at`: the latest call and
    the latest answer. `order_id` names the order that won it.
    """

    cart_id = models.UUIDField()
    cart = tenant_reference("carts.Cart", "cart_id")
    contact_id = models.UUIDField()
    contact = tenant_reference("contacts.Contact", "contact_id")
    agent_id = models.UUIDField(null=True)
    agent = tenant_reference("deals.Agent", "agent_id")
    stage_id = models.UUIDField()
    stage = tenant_reference("deals.Stage", "stage_id")
    value_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)
    taken_over_at = models.DateTimeField(null=True)
    taken_over_by = models.TextField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)
    order_id = models.UUIDField(null=True)

    class Meta:
        db_table = "deal"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "cart_id"],
                condition=models.Q(closed_at__isnull=True),
                name="deal_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__isnull=True) | models.Q(outcome__in=["won", "lost"]),
                name="deal_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__isnull=True, closed_at__isnull=True)
                | models.Q(outcome__isnull=False, closed_at__isnull=False),
                name="deal_closed_iff_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_over_at__isnull=True, taken_over_by__isnull=True)
                | models.Q(taken_over_at__isnull=False, taken_over_by__isnull=False),
                name="deal_taken_over_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "cart_id", "opened_at"], name="deal_cart"),
            models.Index(fields=["shop", "contact_id"], name="deal_contact"),
            models.Index(
                fields=["shop", "order_id"],
                condition=models.Q(order_id__isnull=False),
                name="deal_order",
            ),
            models.Index(fields=["shop", "stage_id", "opened_at"], name="deal_stage"),
            models.Index(
                fields=["shop", "agent_id", "opened_at"],
                condition=models.Q(closed_at__isnull=True),
                name="deal_of_agent",
            ),
        ]


class DealActivity(TenantModel):
    """One thing that was done with a deal: who, when, and what.

    `at` is when it happened, the id when it was written down: a call may be told the day after.
    """

    deal_id = models.UUIDField()
    deal = tenant_reference("deals.Deal", "deal_id")
    at = models.DateTimeField()
    kind = models.TextField()
    who = models.TextField()
    from_stage = models.TextField(null=True)
    to_stage = models.TextField(null=True)
    until = models.DateTimeField(null=True)
    note = models.TextField(default="")
    # The shop's own name of `to_stage`, if it has one: the log is read with it.
    stage_called: str = ""

    class Meta:
        db_table = "deal_activity"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "opened", "moved", "taken_over", "snoozed", "noted", "called", "replied",
                        "won", "lost", "order_cancelled", "handed_on",
                    ]
                ),
                name="deal_activity_kind",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["shop", "deal_id", "at"], name="deal_activity_deal")]
