"""Where an uploaded picture is served: an address that never changes what it shows."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from ripresa.domain.media.imaging import WIDTHS
from ripresa.domain.media.models import MediaFile

PATH = "m"
EXTENSIONS: Mapping[str, str] = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}
_KEY = re.compile(r"([0-9]{1,19})/([0-9a-f]{64})-([0-9]{1,5})\.(jpg|png|gif)")


class Key(NamedTuple):
    """What the address of one size ends in: `<shop>/<digest>-<width>.<extension>`."""

    shop_id: int
    digest: str
    width: int
    extension: str

    @property
    def text(self) -> str:
        """As it is written."""
        return f"{self.shop_id}/{self.digest}-{self.width}.{self.extension}"

    def at_least(self, width: int) -> "Key":
        """The smallest size that is as wide; else the largest."""
        there = sorted({min(each, self.width) for each in WIDTHS})
        fits = [each for each in there if each >= width] or there[-1:]
        return self._replace(width=fits[0])

    def at_most(self, width: int) -> "Key":
        """The largest size that is no wider, of those that there are; else the smallest."""
        there = sorted({min(each, self.width) for each in WIDTHS})
        fits = [each for each in there if each <= width] or there[:1]
        return self._replace(width=fits[-1])


def read_key(text: str) -> Key | None:
    """A key from its text; None: it is none."""
    found = _KEY.fullmatch(text)
    return Key(int(found[1]), found[2], int(found[3]), found[4]) if found else None


def key_of(file: MediaFile) -> Key:
    """The key of a picture's largest size."""
    return Key(file.shop_id, file.digest, file.width, EXTENSIONS[file.media_type])


def address_of(base: str, key: Key) -> str:
    """Its address; `base` is the public one of the install."""
    return f"{base}/{PATH}/{key.text}"
