"""Entries of the audit log as people read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from ripresa.console.audit import words
from ripresa.console.audit.fields import field_in_words, value_in_words
from ripresa.domain.audit.models import AuditEntry
from ripresa.usecases.members.hands import Hand, names_of_hands


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changed; None where a side had none. `is_code`: its name is no word of ours."""

    name: str
    before: str | None
    after: str | None
    is_code: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One entry."""

    id: UUID
    at: datetime
    who: str
    action: str
    about: str
    name: str
    changes: list[Change]


def names_of_actors(shop_id: int, actors: Iterable[Hand]) -> dict[Hand, str]:
    """What those are called who did something, by (kind, id)."""
    asked = set(actors)
    known = names_of_hands(shop_id, asked)
    return {each: _name(each, known.get(each)) for each in asked}


def lines_of(shop_id: int, entries: list[AuditEntry]) -> list[Line]:
    """Entries in words."""
    wanted = {(each.actor_kind, each.actor_id) for each in entries}
    # Members are kept by their number alone: their names stand nowhere in the log.
    wanted |= {("member", each.subject_id) for each in entries if each.subject_kind == "member"}
    names = names_of_actors(shop_id, wanted)
    return [_line(each, names) for each in entries]


def _name(actor: Hand, known: str | None) -> str:
    kind, ident = actor
    if kind == "member":
        return known or _("somebody who is gone")
    if kind == "key":
        return _("Key %s") % (known or ident[:8])
    return str(words.COMMAND_LINE if kind == "command_line" else words.PROGRAM)


def _line(entry: AuditEntry, names: Mapping[Hand, str]) -> Line:
    name = entry.subject_name
    if entry.subject_kind == "member":
        name = names[("member", entry.subject_id)]
    elif entry.subject_id == "install":
        name = str(words.EVERY_SHOP)
    changed = {**entry.before, **entry.after}
    return Line(
        id=entry.id,
        at=entry.at,
        who=names[(entry.actor_kind, entry.actor_id)],
        action=words.action_in_words(entry.action),
        about=words.about_in_words(entry.subject_kind),
        name=name,
        changes=[
            Change(
                field_in_words(each),
                _shown(entry.before, each),
                _shown(entry.after, each),
                is_code=field_in_words(each) == each,
            )
            for each in changed
        ],
    )


def _shown(side: Mapping[str, Any], name: str) -> str | None:
    if name not in side:
        return None
    match side[name]:
        case None | "" | []:
            return "–"
        case True:
            return _("yes")
        case False:
            return _("no")
        case list() as several:
            return ", ".join(str(each) for each in several)
        case value:
            return value_in_words(name, str(value))
