"""Tables of the audit slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel


class AuditEntry(TenantModel):
    """One thing that somebody did. The ids run with time, so the key is the order of the log.

    `subject_id` names a row or a word ("order.placed"); a name beside it is how it was called then.
    """

    at = models.DateTimeField()
    actor_kind = models.TextField()
    actor_id = models.TextField(default="")
    action = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.TextField(default="")
    subject_name = models.TextField(default="")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_entry"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=["member", "key", "command_line", "program"]),
                name="audit_entry_actor",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "subject_kind", "subject_id", "id"], name="audit_subject"),
        ]
