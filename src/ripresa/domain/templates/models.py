"""Tables of the templates slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel


class OwnTemplate(TenantModel):
    """A template that the shop has made: blocks and words, as `blocks.document` reads them.

    `revision` grows with each change; `undo` are the documents before, the latest last.
    """

    name = models.TextField()
    document = models.JSONField()
    undo = models.JSONField(default=list)
    revision = models.IntegerField(default=1)
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "own_template"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="own_template_once"),
        ]


class Picture(TenantModel):
    """A picture that letters print, or the shop's own paper. Kept here, never fetched at hand-over.

    `name`: `logo`, `signature`, `background` (a PDF), a name that a letter's block uses, or the address
    under which the shop shows a picture of what it sells.
    """

    name = models.TextField()
    media_type = models.TextField()
    content = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "picture"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="picture_once"),
            models.CheckConstraint(
                condition=models.Q(media_type__in=["image/png", "image/jpeg", "application/pdf"]),
                name="picture_media_type",
            ),
        ]
