"""Our own small copies of pictures that stand elsewhere, as the shop's products do."""

import hashlib
from datetime import datetime, timedelta

from ripresa.core.ids import new_id
from ripresa.domain.media.imaging import BadImage, prepare
from ripresa.domain.media.models import PictureCopy

WIDTH = 320
FRESH = timedelta(days=30)
# What could not be had is asked for again after so long.
AGAIN = timedelta(hours=6)


def find_copy(shop_id: int, address: str, now: datetime) -> PictureCopy | None:
    """The copy of a picture; None: there is none, or it is too old."""
    row = PictureCopy.objects.filter(shop_id=shop_id, digest=_digest(address)).first()
    if row is None or now - row.fetched_at > (AGAIN if row.content is None else FRESH):
        return None
    return row


def keep_copy(
    *, shop_id: int, address: str, content: bytes, problem: str, now: datetime
) -> PictureCopy:
    """Keep what came of an address: a picture, or why there is none."""
    media_type, small = "", None
    if not problem:
        try:
            prepared = prepare(content, (WIDTH,))
        except BadImage as wrong:
            problem = str(wrong)
        else:
            media_type, small = prepared.media_type, prepared.sizes[0].content
    values = {
        "address": address, "media_type": media_type, "content": small, "problem": problem[:300],
        "fetched_at": now,
    }  # fmt: skip
    row, _ = PictureCopy.objects.update_or_create(
        shop_id=shop_id,
        digest=_digest(address),
        defaults=values,
        create_defaults={"id": new_id(now), **values},
    )
    return row


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
