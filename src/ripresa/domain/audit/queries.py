"""Reading the audit log, the newest entry first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ripresa.core.ids import first_id
from ripresa.domain.audit.acting import Actor
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.audit.words import About


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; what is None is not asked. `since` and `until`: from one instant to before another."""

    actor_kind: str | None = None
    actor_id: str | None = None
    action: str | None = None
    about: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_entries(
    shop_id: int, only: AuditFilter, *, older_than: UUID | None = None, limit: int
) -> list[AuditEntry]:
    """A page of the log."""
    found = _found(shop_id, only)
    if older_than is not None:
        found = found.filter(id__lt=older_than)
    return list(found.order_by("-id")[:limit])


def all_entries(shop_id: int, only: AuditFilter) -> Iterator[AuditEntry]:
    """All of it, a batch in memory at a time."""
    return _found(shop_id, only).order_by("-id").iterator(chunk_size=2_000)


def list_actors(shop_id: int) -> list[tuple[str, str]]:
    """(kind, id) of all who stand in the log."""
    rows = AuditEntry.objects.filter(shop_id=shop_id).values_list("actor_kind", "actor_id")
    return sorted(set(rows.distinct()))


def has_handled(shop_id: int, who: Actor, about: About) -> bool:
    """Whether `who` has ever done something to things of that kind."""
    return _found(shop_id, AuditFilter(who.kind.value, who.id, about=about.value)).exists()


def _found(shop_id: int, only: AuditFilter) -> "QuerySet[AuditEntry]":
    wanted: dict[str, Any] = {
        "actor_kind": only.actor_kind,
        "actor_id": only.actor_id,
        "action": only.action,
        "subject_kind": only.about,
        "id__gte": only.since and first_id(only.since),
        "id__lt": only.until and first_id(only.until),
    }
    asked = {column: value for column, value in wanted.items() if value is not None}
    return AuditEntry.objects.filter(shop_id=shop_id, **asked)
