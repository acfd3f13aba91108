"""Tables of the segments slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel


class Segment(TenantModel):
    """A saved condition; `text` is how its author wrote it, `condition` what was understood."""

    name = models.TextField()
    text = models.TextField()
    condition = models.JSONField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "segment"
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="segment_once")]
