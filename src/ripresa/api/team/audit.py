"""The audit log: who did what, when, to what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, StringConstraints

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.values import Instant, Maybe
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.audit.queries import AuditFilter, list_entries
from ripresa.domain.audit.words import About, Action
from ripresa.usecases.members.hands import Hand, names_of_hands

router = Router(tags=["audit"])

Who = Annotated[
    str,
    StringConstraints(
        pattern=r"^(member(\.[0-9]{1,18})?|key(\.[0-9a-f-]{36})?|command_line|program)$"
    ),
]


class AuditShape(BaseModel):
    """One thing that somebody did. `before`, `after`: what differs, by name; no secrets, no mailboxes.

    `who`: member.<number>, key.<id>, command_line or program; `who_name`: her address or the key's label,
    null where nobody is called so any more. `subject_id`: of the row, or a word; `subject_name`: how it was
    called then, for a member how she is called now.
    """

    id: UUID
    at: datetime
    who: str
    who_name: str | None
    action: str
    about: str
    subject_id: str
    subject_name: str
    before: dict[str, Any]
    after: dict[str, Any]

    @classmethod
    def of(cls, one: AuditEntry, names: Mapping[Hand, str]) -> "AuditShape":
        """The same, as it travels."""
        name = one.subject_name
        if one.subject_kind == About.MEMBER:
            name = names.get(_subject(one), name)
        return cls(
            id=one.id,
            at=one.at,
            who=f"{one.actor_kind}.{one.actor_id}" if one.actor_id else one.actor_kind,
            who_name=names.get(_actor(one)),
            action=one.action,
            about=one.subject_kind,
            subject_id=one.subject_id,
            subject_name=name,
            before=one.before,
            after=one.after,
        )


class AuditAsked(Paging):
    """Which entries; `until` is exclusive. `who`: one, or all of its kind: key."""

    who: Maybe[Who] = None
    action: Maybe[Action] = None
    about: Maybe[About] = None
    since: Maybe[Instant] = None
    until: Maybe[Instant] = None


@router.get("/audit", response=Page[AuditShape], auth=READ, operation_id="list_audit_entries")
def list_audit(request: ApiRequest, asked: Query[AuditAsked]) -> Page[AuditShape]:
    """Who did what, when, to what, the newest first."""
    kind, _dot, ident = (asked.who or "").partition(".")
    only = AuditFilter(
        actor_kind=kind or None,
        actor_id=ident or None,
        action=asked.action,
        about=asked.about,
        since=asked.since,
        until=asked.until,
    )
    found = list_entries(
        request.shop.id, only, older_than=by_id(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    hands = {_actor(row) for row in rows}
    hands |= {_subject(row) for row in rows if row.subject_kind == About.MEMBER}
    names = names_of_hands(request.shop.id, hands)
    return Page[AuditShape](items=[AuditShape.of(row, names) for row in rows], next=following)


def _actor(one: AuditEntry) -> Hand:
    return one.actor_kind, one.actor_id


def _subject(one: AuditEntry) -> Hand:
    return "member", one.subject_id
