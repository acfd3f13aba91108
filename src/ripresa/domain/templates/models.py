"""Tables of the templates slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel


class OwnTemplate(TenantModel):
    """A template that the shop has made: blocks and words, as `blocks.document` reads them.

    `revision` grows with each change; `undo` are the documents before, the latest last; `redo`
    those that were taken back, the one to come next last.
    """

    name = models.TextField()
    document = models.JSONField()
    undo = models.JSONField(default=list)
    redo = models.JSONField(default=list)
    revision = models.IntegerField(default=1)
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "own_template"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="own_template_once"),
        ]


class BrandKit(TenantModel):
    """How the mails of the shop's own templates look: `brand` as `blocks.brand` reads it.

    A shop has one so far, whose `name` is `usual`.
    """

    name = models.TextField(default="usual")
    brand = models.JSONField()
    revision = models.IntegerField(default=1)
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "brand_kit"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="brand_kit_once"),
        ]


class SavedBlock(TenantModel):
    """A block that the shop uses again: `block` and, by language, its `words` by slot."""

    name = models.TextField()
    block = models.JSONField()
    words = models.JSONField(default=dict)
    saved_by = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "saved_block"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="saved_block_once"),
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
