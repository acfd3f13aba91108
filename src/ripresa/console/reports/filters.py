"""The filters of the report, as they stand in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.layout.badges import CHANNELS
from ripresa.console.layout.typed import cleaned
from ripresa.domain.attribution.credit import Model
from ripresa.usecases.reporting.figures import Only

USUAL = timedelta(days=29)
FIELDS = ("from", "until", "by", "model", "channel", "language", "message", "scenario", "step")
# By which columns of figures orders can be listed, and what the filter is called.
_FILTERS = {"template": "message", "channel": "channel", "language": "language", "step": "step"}
# What one may tell figures apart by, and the dimensions behind it.
BY = {
    "step": (gettext_lazy("Scenario and step"), ("scenario", "step", "channel")),
    "scenario": (gettext_lazy("Scenario"), ("scenario",)),
    "version": (gettext_lazy("Scenario and version"), ("scenario", "version")),
    "message": (gettext_lazy("Message"), ("message", "channel")),
    "channel": (gettext_lazy("Channel"), ("channel",)),
    "language": (gettext_lazy("Language"), ("language",)),
    "agent": (gettext_lazy("Agent"), ("agent",)),
    "day": (gettext_lazy("Day"), ("day",)),
}
MODELS = {
    Model.LAST: gettext_lazy("Last interaction"),
    Model.LINEAR: gettext_lazy("Linear"),
    Model.FIRST: gettext_lazy("First interaction"),
    Model.POSITION: gettext_lazy("Position-based"),
    Model.DECAY: gettext_lazy("Time decay"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of one address, cleaned. `problems` names what made no sense and was left out."""

    values: dict[str, str]
    only: Only
    by: tuple[str, ...]
    model: Model
    problems: dict[str, str]

    @property
    def orders_query(self) -> str:
        """These filters for the list of orders, which has no rows to choose."""
        return self.orders_of({})

    def orders_of(self, key: Mapping[str, Any]) -> str:
        """The same for the orders behind one row of figures, by its key as stored.

        Empty where the list can't be filtered so: it would show others, too.
        """
        kept = {name: value for name, value in self.values.items() if name not in {"by", "model"}}
        for column, value in key.items():
            match column:
                case "day":
                    kept |= {"from": value.isoformat(), "until": value.isoformat()}
                case "origin_kind" if value in {"recovery", "campaign"}:
                    kept["scenario"] = str(key["origin_id"])
                case "origin_id":
                    continue
                case _ if value and column in _FILTERS:
                    kept[_FILTERS[column]] = value
                case _:
                    return ""
        return urlencode({name: value for name, value in kept.items() if value})

    @property
    def query(self) -> str:
        """These filters as a query string, without empty ones."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.values.items() if value})
        return query.urlencode()


def read(given: QueryDict, today: date) -> Asked:
    """The filters of an address; without any, the last 30 days."""
    values = {name: cleaned(given.get(name)) for name in FIELDS}
    problems: dict[str, str] = {}
    end = _day(values, "until", problems) or today
    begin = _day(values, "from", problems) or end - USUAL
    if begin > end:
        problems["from"] = _("The first day lies after the last one.")
        begin = end
    values["by"] = values["by"] if values["by"] in BY else "step"
    values["model"] = values["model"] if values["model"] in set(Model) else Model.LAST.value
    if values["channel"] not in CHANNELS:
        values["channel"] = ""
    origin = id_of(values["scenario"])
    values["scenario"] = "" if origin is None else str(origin)
    only = Only(
        begin,
        end,
        origin=origin,
        step=values["step"],
        channel=values["channel"],
        language=values["language"],
        message=values["message"],
    )
    shown = {**values, "from": begin.isoformat(), "until": end.isoformat()}
    return Asked(shown, only, BY[values["by"]][1], Model(values["model"]), problems)


def id_of(text: str) -> UUID | None:
    """The id of a scenario or campaign in an address; None where there is none, or it makes no sense."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(values: dict[str, str], name: str, problems: dict[str, str]) -> date | None:
    if not values[name]:
        return None
    try:
        day = date.fromisoformat(values[name])
    except ValueError:
        day = date.min
    if day.year not in range(1970, 9000):
        problems[name] = _("A day looks like 2026-10-03.")
        return None
    return day
