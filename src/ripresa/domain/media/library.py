"""The shop's pictures: keep one, find, describe, forget."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.media.addresses import EXTENSIONS, Key
from ripresa.domain.media.imaging import BadImage, prepare
from ripresa.domain.media.models import MediaFile, MediaSize

MOST_FILES = 2_000
LONGEST_NAME, LONGEST_ALT = 120, 300


def list_files(shop_id: int) -> list[MediaFile]:
    """The shop's pictures, the newest first."""
    return list(MediaFile.objects.filter(shop_id=shop_id).order_by("-id"))


def find_file(shop_id: int, media_id: UUID) -> MediaFile | None:
    """One of them."""
    return MediaFile.objects.filter(shop_id=shop_id, id=media_id).first()


def find_by_digest(shop_id: int, digest: str) -> MediaFile | None:
    """The one that an address names."""
    return MediaFile.objects.filter(shop_id=shop_id, digest=digest).first()


def find_content(key: Key) -> tuple[str, bytes] | None:
    """Media type and bytes of one size; None: nothing stands under that address."""
    row = MediaSize.objects.filter(shop_id=key.shop_id, digest=key.digest, width=key.width).first()
    if row is None or EXTENSIONS[row.media_type] != key.extension:
        return None
    return row.media_type, bytes(row.content)


def keep(*, shop_id: int, name: str, content: bytes, who: str, now: datetime) -> MediaFile:
    """Keep an uploaded picture. The same bytes again are the same picture. Raises BadImage."""
    digest = hashlib.sha256(content).hexdigest()
    there = find_by_digest(shop_id, digest)
    if there is not None:
        return there
    if MediaFile.objects.filter(shop_id=shop_id).count() >= MOST_FILES:
        message = f"a shop keeps at most {MOST_FILES:,} pictures: remove what is not used"
        raise BadImage("full", message)
    prepared = prepare(content)
    largest = prepared.sizes[-1]
    with transaction.atomic():
        file, is_new = MediaFile.objects.get_or_create(
            shop_id=shop_id,
            digest=digest,
            defaults={
                "id": new_id(now), "name": _tidy(name), "media_type": prepared.media_type,
                "width": largest.width, "height": largest.height, "size": len(largest.content),
                "added_by": who, "added_at": now,
            },
        )  # fmt: skip
        if is_new:
            MediaSize.objects.bulk_create(
                MediaSize(
                    shop_id=shop_id, id=new_id(now), digest=digest, width=each.width,
                    media_type=prepared.media_type, content=each.content,
                )
                for each in prepared.sizes
            )  # fmt: skip
    return file


def describe(*, file: MediaFile, alt: str) -> None:
    """Say what a picture shows."""
    file.alt = " ".join(alt.split())[:LONGEST_ALT]
    MediaFile.objects.filter(shop_id=file.shop_id, id=file.id).update(alt=file.alt)


@transaction.atomic
def forget(file: MediaFile) -> None:
    """Forget a picture in every size."""
    MediaSize.objects.filter(shop_id=file.shop_id, digest=file.digest).delete()
    MediaFile.objects.filter(shop_id=file.shop_id, id=file.id).delete()


def _tidy(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(each for each in last if each.isprintable()).strip()
    return printable[:LONGEST_NAME] or "picture"
