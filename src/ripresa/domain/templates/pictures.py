"""The picture store of a shop: what letters print, and the shop's own paper."""

import struct
from collections.abc import Collection
from datetime import datetime

from ripresa.core.ids import new_id
from ripresa.domain.media.addresses import read_key
from ripresa.domain.media.library import find_content
from ripresa.domain.templates.letters.background import check_background
from ripresa.domain.templates.letters.setting import CannotSet, check_prints
from ripresa.domain.templates.models import Picture

LOGO = "logo"
BACKGROUND = "background"
MAX_NAME = 2_000  # the longest address that we keep
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_IHDR_END = 24
_JPEG = b"\xff\xd8"
_MARKER = 0xFF
# Start of frame, whatever the coding: 0xC4, 0xC8 and 0xCC are other things.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class BadPicture(ValueError):
    """A picture can't be kept; the message says why, and what would do."""


def find_pictures(shop_id: int, names: Collection[str]) -> dict[str, bytes]:
    """The pictures of those names that there are; a name may be the key of one in the library."""
    keys = {name: key for name in names if (key := read_key(name)) and key.shop_id == shop_id}
    kept = Picture.objects.filter(shop_id=shop_id, name__in=set(names) - set(keys))
    found = {name: bytes(content) for name, content in kept.values_list("name", "content")}
    for name, key in keys.items():
        if (there := find_content(key)) is not None:
            found[name] = there[1]
    return found


def list_pictures(shop_id: int) -> list[Picture]:
    """All pictures of a shop, without what is in them."""
    return list(Picture.objects.filter(shop_id=shop_id).defer("content").order_by("name"))


def keep_picture(*, shop_id: int, name: str, content: bytes, now: datetime) -> Picture:
    """Keep a picture under a name; one that was there gives way. Raises BadPicture, BadBackground."""
    media_type = check_picture(name, content)
    kept, _ = Picture.objects.update_or_create(
        shop_id=shop_id,
        name=name,
        defaults={"media_type": media_type, "content": content},
        create_defaults={
            "id": new_id(now), "media_type": media_type, "content": content, "created_at": now,
        },
    )  # fmt: skip
    return kept


def forget_picture(*, shop_id: int, name: str) -> bool:
    """Forget a picture; False: there was none of that name."""
    return bool(Picture.objects.filter(shop_id=shop_id, name=name).delete()[0])


def check_picture(name: str, content: bytes) -> str:
    """The media type of what can be printed. Raises BadPicture, BadBackground."""
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise BadPicture("a picture needs a name on one line")
    if len(content) > MAX_BYTES:
        raise BadPicture(f"it has {len(content)} bytes; at most {MAX_BYTES} are kept")
    if name == BACKGROUND:
        check_background(content)
        return "application/pdf"
    media_type, width, height = _measured(content)
    if not 0 < width * height <= MAX_PIXELS:
        raise BadPicture(f"{width} × {height} pixels: at most {MAX_PIXELS:,} in all are printed")
    try:
        check_prints(content)
    except CannotSet as trouble:
        raise BadPicture(f"it can't be printed: {trouble}") from None
    return media_type


def _measured(content: bytes) -> tuple[str, int, int]:
    """Type, width and height, from PNG's IHDR (RFC 2083) or JPEG's frame header (ITU-T T.81, B.2.2)."""
    if content.startswith(_PNG):
        size = struct.unpack_from(">II", content.ljust(_IHDR_END, b"\0"), 16)
        return "image/png", *size
    if content.startswith(_JPEG):
        at = len(_JPEG)
        while at + 9 < len(content) and content[at] == _MARKER:
            kind, length = struct.unpack_from(">xBH", content, at)
            if kind in _FRAMES:
                height, width = struct.unpack_from(">HH", content, at + 5)
                return "image/jpeg", width, height
            at += 2 + length
    raise BadPicture("this is neither PNG nor JPEG")
