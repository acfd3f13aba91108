"""Tables of the media slice."""

from django.db import models

from ripresa.core.tenancy import TenantModel


class MediaFile(TenantModel):
    """A picture that the shop has uploaded. `digest` is the SHA-256 of what came, in hexadecimal.

    `width` and `height` of the largest size there is, in pixels; `size` its bytes; `alt` what it shows,
    for readers who don't see it.
    """

    digest = models.TextField()
    name = models.TextField()
    alt = models.TextField(default="")
    media_type = models.TextField()
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    added_by = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "media_file"
        constraints = [
            models.UniqueConstraint(fields=["shop", "digest"], name="media_file_once"),
            models.CheckConstraint(
                condition=models.Q(media_type__in=["image/png", "image/jpeg", "image/gif"]),
                name="media_file_type",
            ),
        ]


class MediaSize(TenantModel):
    """One size of an uploaded picture, as it is served. It never changes."""

    digest = models.TextField()
    width = models.IntegerField()
    media_type = models.TextField()
    content = models.BinaryField()

    class Meta:
        db_table = "media_size"
        constraints = [
            models.UniqueConstraint(fields=["shop", "digest", "width"], name="media_size_once"),
        ]


class PictureCopy(TenantModel):
    """A small copy of a picture that stands elsewhere.

    `digest` is the SHA-256 of its address, in hexadecimal: addresses are longer than keys may be.
    `content` None: it could not be had, as `problem` says.
    """

    digest = models.TextField()
    address = models.TextField()
    media_type = models.TextField(default="")
    content = models.BinaryField(null=True)
    problem = models.TextField(default="")
    fetched_at = models.DateTimeField()

    class Meta:
        db_table = "picture_copy"
        constraints = [
            models.UniqueConstraint(fields=["shop", "digest"], name="picture_copy_once"),
        ]
