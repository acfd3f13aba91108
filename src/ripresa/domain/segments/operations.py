"""Save segments."""

from datetime import datetime

import msgspec

from ripresa.core.ids import new_id
from ripresa.domain.segments.models import Segment
from ripresa.domain.segments.reading import SegmentFile


def save(*, shop_id: int, segment: SegmentFile, text: str, now: datetime) -> Segment:
    """Store a segment under its name; one of that name is changed."""
    saved, _ = Segment.objects.update_or_create(
        shop_id=shop_id,
        name=segment.name,
        defaults={
            "text": text,
            "condition": msgspec.to_builtins(segment.condition),
            "changed_at": now,
        },
        create_defaults={
            "id": new_id(now),
            "text": text,
            "condition": msgspec.to_builtins(segment.condition),
            "created_at": now,
            "changed_at": now,
        },
    )
    return saved
