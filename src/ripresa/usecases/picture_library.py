"""The shop's pictures: bring one, describe it, see where it stands, take it away."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.domain.media import library
from ripresa.domain.media.models import MediaFile
from ripresa.domain.templates.models import OwnTemplate

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
    return library.keep(shop_id=shop_id, name=name, content=content, who=who, now=now)


def describe(*, shop_id: int, media_id: UUID, alt: str) -> None:
    """Say what a picture shows. Raises NoSuchPicture."""
    library.describe(file=_get(shop_id, media_id), alt=alt)


@transaction.atomic
def remove(*, shop_id: int, media_id: UUID) -> None:
    """Take a picture away for good. Raises NoSuchPicture, InUse."""
    file = _get(shop_id, media_id)
    if places := usage(shop_id).get(file.digest):
        raise InUse(places)
    library.forget(file)


def usage(shop_id: int) -> Mapping[str, list[str]]:
    """Where each picture stands, by its digest: names of texts, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    own = OwnTemplate.objects.filter(shop_id=shop_id).order_by("name")
    for name, document in own.values_list("name", "document"):
        for digest in sorted(set(_DIGEST.findall(json.dumps(document)))):
            found[digest].append(name)
    return found


def _get(shop_id: int, media_id: UUID) -> MediaFile:
    file = library.find_file(shop_id, media_id)
    if file is None:
        raise NoSuchPicture(str(media_id))
    return file
