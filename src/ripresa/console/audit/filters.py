"""The filters of the audit log, as they stand in the address."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from ripresa.console.audit.words import ABOUTS, ACTIONS
from ripresa.console.layout.typed import cleaned
from ripresa.domain.audit.queries import AuditFilter

FIELDS = ("who", "action", "about", "from", "until")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of one address, cleaned. `problems` names the fields that made no sense."""

    values: dict[str, str]
    only: AuditFilter
    problems: dict[str, str]

    @property
    def query(self) -> str:
        """These filters as a query string, without empty ones."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.values.items() if value})
        return query.urlencode()


def read(given: QueryDict, zone: ZoneInfo) -> Asked:
    """The filters of an address. What can't be read is left out and said so in `problems`."""
    values = {name: cleaned(given.get(name)) for name in FIELDS}
    problems: dict[str, str] = {}
    for name, known in (("action", ACTIONS), ("about", ABOUTS)):
        if values[name] not in {"", *known}:
            problems[name] = _("There is no such thing.")
    since = _midnight(values, "from", zone, problems, timedelta(0))
    until = _midnight(values, "until", zone, problems, timedelta(days=1))
    for name in problems:
        values[name] = ""
    kind, _dot, ident = values["who"].partition(".")
    only = AuditFilter(
        actor_kind=kind or None,
        actor_id=ident or None,
        action=values["action"] or None,
        about=values["about"] or None,
        since=since,
        until=until,
    )
    return Asked(values, only, problems)


def _midnight(
    values: dict[str, str], name: str, zone: ZoneInfo, problems: dict[str, str], plus: timedelta
) -> datetime | None:
    if not values[name]:
        return None
    try:
        day = date.fromisoformat(values[name]) + plus
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        problems[name] = _("A day looks like 2026-10-03.")
        return None
