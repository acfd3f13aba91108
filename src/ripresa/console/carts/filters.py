"""The filters of the cart list, as they stand in the address, and back as chips."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.layout import badges
from ripresa.console.layout.typed import cleaned
from ripresa.console.layout.writing import day_in_words, locale
from ripresa.core.money import Money, NotMoney, parse_minor
from ripresa.domain.carts.queries import CartFilter
from ripresa.domain.shops.models import Shop

# What the list shows unasked: carts that were left behind and what came of the chase.
UNASKED = ("abandoned", "recovered", "closed", "expired")
STATES: dict[str, Promise | str] = {
    "": gettext_lazy("Left behind"),
    **{name: shown.text for name, shown in badges.CART.items()},
}
FIELDS = ("buyer", "state", "kind", "from", "until", "value")


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter; `without` is the query string that takes it away."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of one address, cleaned. `problems` names the fields that made no sense."""

    values: dict[str, str]
    only: CartFilter
    chips: list[Chip]
    problems: dict[str, str]

    @property
    def has_more(self) -> bool:
        """Whether a filter beyond the search box is on: a phone folds those away otherwise."""
        return any(self.values[name] for name in FIELDS[1:])

    @property
    def query(self) -> str:
        """These filters as a query string, without empty ones."""
        return _query(self.values)


def read(given: QueryDict, shop: Shop) -> Asked:
    """The filters of an address. What can't be read is left out and said so in `problems`."""
    values = {name: cleaned(given.get(name)) for name in FIELDS}
    problems: dict[str, str] = {}
    if values["state"] not in STATES:
        problems["state"] = _("There is no such state.")
    if values["kind"] not in {"", *badges.KINDS}:
        problems["kind"] = _("There is no such kind.")
    zone = ZoneInfo(shop.timezone)
    left_from = _midnight(values, "from", zone, problems)
    until = _midnight(values, "until", zone, problems, plus=timedelta(days=1))
    value = _value(values, shop.currency, problems)
    for name in problems:
        values[name] = ""
    state = values["state"]
    only = CartFilter(
        states=(state,) if state else UNASKED,
        kind=values["kind"] or None,
        left_from=left_from,
        left_until=until,
        value_from=value,
        buyer=values["buyer"],
    )
    return Asked(values, only, _chips(values, value), problems)


def _midnight(
    values: dict[str, str],
    name: str,
    zone: ZoneInfo,
    problems: dict[str, str],
    plus: timedelta = timedelta(0),
) -> datetime | None:
    if not values[name]:
        return None
    try:
        day = date.fromisoformat(values[name]) + plus
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        problems[name] = _("A day looks like 2026-10-03.")
        return None


def _value(values: dict[str, str], currency: str, problems: dict[str, str]) -> Money | None:
    if not values["value"]:
        return None
    try:
        minor = parse_minor(values["value"].replace(",", "."), currency)
    except NotMoney:
        problems["value"] = _("A value looks like 49.90.")
        return None
    return Money(minor, currency)


def _chips(values: dict[str, str], value: Money | None) -> list[Chip]:
    texts = {
        "buyer": _("Buyer: %s") % values["buyer"],
        "state": str(STATES[values["state"]]),
        "kind": str(badges.KINDS.get(values["kind"], "")),
        "from": _("Left from %s") % _day(values["from"]),
        "until": _("Left until %s") % _day(values["until"]),
        "value": _("From %s") % (value.text(locale()) if value else ""),
    }
    return [Chip(texts[name], _query({**values, name: ""})) for name in FIELDS if values[name]]


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text)) if text else ""


def _query(values: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in values.items() if value})
    return query.urlencode()
