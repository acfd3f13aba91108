"""Tables of the connections slice."""

from datetime import timedelta

from django.db import models

from ripresa.core.tenancy import TenantModel, tenant_reference


class Connection(TenantModel):
    """A shop's platform, as we hear it. `settings` are the open ones, `secrets` the rest, sealed.

    Asked, where it can be: next at `ask_at`, for what changed since `asked_until`, never for what was
    before `created_at`; `behind`: how far its clock is behind ours. `heard` counts events that were new,
    `missed` those of them that only asking brought, `refused` the parts of payloads that were left out;
    `problems` are the latest of these. `trouble` says why it can't be asked, `said` of what the sentence
    is made (contracts.calling.sayings), `remedy` (contracts.shops.connector.Remedy) what helps.
    `closed_at`: the shop let go of us, or we of it. `kept` is what its connector had us keep, sealed:
    credentials that live shortly; who renews them has `renewing_until`. Its webhooks are looked after at
    `register_at`; `standing` is how they stood (connected/registering.py).
    """

    platform = models.TextField()
    name = models.TextField()
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField()
    kept = models.BinaryField(null=True)
    renewing_until = models.DateTimeField(null=True)
    register_at = models.DateTimeField(null=True)
    standing = models.JSONField(default=dict, db_default={})
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(default="")
    ask_at = models.DateTimeField(null=True)
    asked_until = models.DateTimeField()
    behind = models.DurationField(default=timedelta(0), db_default=timedelta(0))
    failures = models.IntegerField(default=0)
    trouble = models.TextField(default="")
    remedy = models.TextField(default="", db_default="")
    said = models.JSONField(default=dict, db_default={})
    last_heard_at = models.DateTimeField(null=True)
    heard = models.BigIntegerField(default=0)
    missed = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    problems = models.JSONField(default=list)

    class Meta:
        db_table = "connection"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="connection_once"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(ask_at__isnull=True),
                name="connection_closed_is_not_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ask_at"],
                condition=models.Q(ask_at__isnull=False),
                name="connection_to_ask_anywhere",
            ),
            models.Index(
                fields=["register_at"],
                condition=models.Q(register_at__isnull=False),
                name="connection_register_anywhere",
            ),
        ]


class BackFill(TenantModel):
    """A connection's history being told, from `since` on; everything before `until` was told by now.

    `due_at`: when a worker goes on with it; None: it is done. `heard` counts events that were new to us,
    `known` the others, `refused` what could not be read. `trouble`: why it does not get on, `said` of what
    the sentence is made.
    """

    connection_id = models.UUIDField()
    connection = tenant_reference("connections.Connection", "connection_id")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    pages = models.IntegerField(default=0)
    heard = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    trouble = models.TextField(default="")
    said = models.JSONField(default=dict, db_default={})

    class Meta:
        db_table = "back_fill"
        constraints = [
            # One at a time: two would tell the same twice.
            models.UniqueConstraint(
                fields=["shop", "connection_id"],
                condition=models.Q(finished_at__isnull=True),
                name="back_fill_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True, due_at__isnull=False)
                | models.Q(finished_at__isnull=False, due_at__isnull=True),
                name="back_fill_due_until_finished",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="back_fill_due_anywhere",
            ),
        ]


class ConnectionGap(TenantModel):
    """What a shop's calls had not told when it was asked: a gap that was filled by asking.

    One for each time of asking, at `found_at`, that found some. `way`: how it was asked, "asked" for all that
    changed since `since`, or "before_sending" for orders of a few people. `by_type` counts events by their
    type; they happened between `earliest_at` and `latest_at`.
    """

    connection_id = models.UUIDField()
    connection = tenant_reference("connections.Connection", "connection_id")
    found_at = models.DateTimeField()
    way = models.TextField()
    since = models.DateTimeField()
    events = models.IntegerField()
    by_type = models.JSONField()
    earliest_at = models.DateTimeField()
    latest_at = models.DateTimeField()

    class Meta:
        db_table = "connection_gap"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "connection_id", "found_at", "way"], name="connection_gap_once"
            ),
        ]
