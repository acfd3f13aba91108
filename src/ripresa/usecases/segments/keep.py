"""Keep segments: new, changed, under another name, deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.segments import operations
from ripresa.domain.segments.models import Segment
from ripresa.domain.segments.reading import SegmentFile
from ripresa.domain.shops.models import Shop
from ripresa.usecases.segments.uses import Use, uses_of_all

_NOTHING: Mapping[str, Any] = {}


class NameTaken(Exception):
    """Another segment has this name; nothing was changed."""


class InUse(Exception):
    """Something is for this segment, `uses`; nothing was changed."""

    def __init__(self, uses: list[Use]) -> None:
        self.uses = uses
        super().__init__(", ".join(f"{one.kind} {one.name!r}" for one in uses))


@transaction.atomic
def save(
    *, shop_id: int, segment_id: UUID | None, segment: SegmentFile, text: str, now: datetime
) -> Segment:
    """Store a new segment, or change one. Raises NameTaken, InUse (it would lose its name)."""
    _lock(shop_id)
    namesake = Segment.objects.filter(shop_id=shop_id, name=segment.name).first()
    if namesake is not None and namesake.id != segment_id:
        raise NameTaken(segment.name)
    values = {
        "name": segment.name,
        "text": text,
        "condition": msgspec.to_builtins(segment.condition),
        "changed_at": now,
    }
    if segment_id is None:
        made = Segment.objects.create(shop_id=shop_id, id=new_id(now), created_at=now, **values)
        _tell_of(made, Action.CREATED, now)
        return made
    stored = Segment.objects.get(shop_id=shop_id, id=segment_id)
    if stored.name != segment.name:
        _check_unused(stored)
    Segment.objects.filter(shop_id=shop_id, id=segment_id).update(**values)
    changed = Segment.objects.get(shop_id=shop_id, id=segment_id)
    _tell_of(changed, Action.CHANGED, now, before=_told(stored), after=_told(changed))
    return changed


@transaction.atomic
def save_by_name(*, shop_id: int, segment: SegmentFile, text: str, now: datetime) -> Segment:
    """Store a segment file under its name; one of that name is changed."""
    before = Segment.objects.filter(shop_id=shop_id, name=segment.name).first()
    saved = operations.save(shop_id=shop_id, segment=segment, text=text, now=now)
    if before is None:
        _tell_of(saved, Action.CREATED, now)
    else:
        _tell_of(saved, Action.CHANGED, now, before=_told(before), after=_told(saved))
    return saved


@transaction.atomic
def delete(segment: Segment, *, now: datetime) -> None:
    """Delete one that nothing is for. Raises InUse."""
    _lock(segment.shop_id)
    _check_unused(segment)
    Segment.objects.filter(shop_id=segment.shop_id, id=segment.id).delete()
    _tell_of(segment, Action.REMOVED, now)


def _told(segment: Segment) -> Mapping[str, Any]:
    return {"name": segment.name, "file": segment.text}


def _tell_of(
    segment: Segment,
    action: Action,
    now: datetime,
    before: Mapping[str, Any] = _NOTHING,
    after: Mapping[str, Any] = _NOTHING,
) -> None:
    write_down(
        shop_id=segment.shop_id,
        action=action,
        subject=Subject(About.SEGMENT, segment.id, segment.name),
        before=before,
        after=after,
        now=now,
    )


def _check_unused(segment: Segment) -> None:
    uses = uses_of_all(segment.shop_id).get(segment.name)
    if uses:
        raise InUse(uses)


def _lock(shop_id: int) -> None:
    """What publishes a scenario or keeps a campaign locks the shop as well: nothing is named meanwhile."""
    Shop.objects.select_for_update(no_key=True).only("id").get(id=shop_id)
