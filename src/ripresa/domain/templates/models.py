"""Tables of the templates slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel


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
