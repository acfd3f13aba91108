"""The shop's pictures: bring one, describe it, see where it stands, take it away."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.media import library
from ripresa.domain.media.models import MediaFile
from ripresa.domain.templates.models import BrandKit, OwnTemplate, SavedBlock

# Stands for the brand kit among the names of texts and saved blocks.
BRAND = "brand kit"
_DIGEST = re.compile(r"[0-9a-f]{64}(?=-[0-9])")


class NoSuchPicture(LookupError):
    """The shop has no such picture."""


class InUse(Exception):
    """The picture stands in texts, which `places` names; nothing was changed."""

    def __init__(self, places: list[str]) -> None:
        super().__init__(f"it stands in {', '.join(places)}")
        self.places = places


def bring(*, shop_id: int, name: str, content: bytes, who: str, now: datetime) -> MediaFile:
    """Keep an uploaded picture. Raises imaging.BadImage."""
    file = library.keep(shop_id=shop_id, name=name, content=content, who=who, now=now)
    if file.added_at == now:
        _tell(file, Action.CREATED, now)
    return file


def describe(*, shop_id: int, media_id: UUID, alt: str) -> None:
    """Say what a picture shows. Raises NoSuchPicture."""
    library.describe(file=_get(shop_id, media_id), alt=alt)


@transaction.atomic
def remove(*, shop_id: int, media_id: UUID, now: datetime) -> None:
    """Take a picture away for good. Raises NoSuchPicture, InUse."""
    file = _get(shop_id, media_id)
    if places := usage(shop_id).get(file.digest):
        raise InUse(places)
    library.forget(file)
    _tell(file, Action.REMOVED, now)


def usage(shop_id: int) -> Mapping[str, list[str]]:
    """Where each picture stands, by its digest: names of texts, BRAND, names of saved blocks."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    own = OwnTemplate.objects.filter(shop_id=shop_id).order_by("name")
    kits = BrandKit.objects.filter(shop_id=shop_id).values_list("name", "brand")
    saved = SavedBlock.objects.filter(shop_id=shop_id).order_by("name")
    places = [
        *own.values_list("name", "document"),
        *((BRAND, brand) for _name, brand in kits),
        *saved.values_list("name", "block"),
    ]
    for name, holder in places:
        for digest in sorted(set(_DIGEST.findall(json.dumps(holder)))):
            found[digest].append(name)
    return found


def _tell(file: MediaFile, action: Action, now: datetime) -> None:
    subject = Subject(About.PICTURE, file.id, file.name)
    write_down(shop_id=file.shop_id, action=action, subject=subject, now=now)


def _get(shop_id: int, media_id: UUID) -> MediaFile:
    file = library.find_file(shop_id, media_id)
    if file is None:
        raise NoSuchPicture(str(media_id))
    return file
