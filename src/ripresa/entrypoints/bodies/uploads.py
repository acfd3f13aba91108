"""Where a shop's people bring files: several pictures, tables of customers, codes of coupons.

A file waits on the disk while it comes in. So whoever sends it is asked for first, by the pages
themselves and without a byte of it, and only so many come in at once.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ripresa.intake.answers import Scope

MAX_UPLOAD_BYTES = 64 << 20
UPLOAD_SECONDS = 600.0
# On the disk at once: half a gigabyte, of one shop half of that.
MAX_AT_ONCE, MAX_OF_A_SHOP = 8, 4
_UPLOADS = re.compile(
    r"/([\w-]+)/(?:.*/pictures/upload|imports|coupons/[0-9a-f-]{36}/file|settings/logo|texts/brand)/"
)


def shop_of(scope: Scope) -> str | None:
    """The slug of the shop that a file is brought to; None: this is no address of files."""
    match = _UPLOADS.fullmatch(scope["path"]) if scope["method"] == "POST" else None
    return match and match[1]


class Uploads:
    """Those that come in just now, by shop. One event loop's own."""

    def __init__(self) -> None:
        self._coming: Counter[str] = Counter()

    @contextmanager
    def place(self, slug: str) -> Iterator[bool]:
        """Hold a place for one more; False: all are taken."""
        if self._coming.total() >= MAX_AT_ONCE or self._coming[slug] >= MAX_OF_A_SHOP:
            yield False
            return
        self._coming[slug] += 1
        try:
            yield True
        finally:
            self._coming -= Counter([slug])
