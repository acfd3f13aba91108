"""Writing into the audit log, in the transaction of the change itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ripresa.core.ids import new_id
from ripresa.domain.audit.acting import actor
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.audit.rules import differences
from ripresa.domain.audit.words import Action, Subject

_NOTHING: Mapping[str, Any] = {}


def write_down(
    *,
    shop_id: int,
    action: Action,
    subject: Subject,
    now: datetime,
    before: Mapping[str, Any] = _NOTHING,
    after: Mapping[str, Any] = _NOTHING,
) -> None:
    """Keep that whoever is at work did `action` to `subject`. `before`, `after`: values by name.

    Only what differs is kept, in brief, without secrets and mailboxes: whole rows may be given. A change
    that changed nothing is not told.
    """
    was, became = differences(before, after)
    if action is Action.CHANGED and not was and not became:
        return
    who = actor()
    AuditEntry.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        at=now,
        actor_kind=who.kind.value,
        actor_id=who.id,
        action=action.value,
        subject_kind=subject.about.value,
        subject_id=str(subject.id),
        subject_name=subject.name[:200],
        before=was,
        after=became,
    )
