"""The figures of a period as a mail: those of the reports, beside those of the period before."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import NamedTuple

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from django.utils import translation

from ripresa.core.money import Money
from ripresa.domain.attribution.definitions import definitions
from ripresa.domain.shops.models import Shop
from ripresa.usecases.digests.periods import Period
from ripresa.usecases.reporting.figures import Only, Table, table
from ripresa.usecases.reporting.names import Names
from ripresa.usecases.reporting.recovery import Recovery, recovery

LANGUAGES = ("en", "it", "ro", "ru", "de")
_MOST_ROWS = 20


class Line(NamedTuple):
    """A figure: what it is called, what it is, and what it was in the period before."""

    title: str
    value: str
    before: str


class Digest(NamedTuple):
    """A mail without its envelope."""

    subject: str
    html: str
    text: str


class _Both(NamedTuple):
    recovery: Recovery
    table: Table


def digest(
    *, shop: Shop, period: Period, language: str, report_url: str, unsubscribe_url: str
) -> Digest:
    """The figures of `period` in `language` (of LANGUAGES), with the ways to the report and out."""
    said = _words()[language]
    now, before = (_figures(shop.id, one) for one in (period, period.before))
    with translation.override(language):
        lines = list(_lines(now, before, language))
    rows = _rows(shop, period, language)
    span = " – ".join(format_date(day, "long", locale=language) for day in period)
    subject = said["subject"].format(shop=shop.name, span=span)
    head = (said["figure"], said["now"], said["before"])
    columns = (said["origin"], said["sent"], said["orders"], said["revenue"])
    parts = [
        f"<h1>{escape(subject)}</h1>",
        _table(head, lines),
        *([f"<h2>{escape(said['by_origin'])}</h2>", _table(columns, rows)] if rows else []),
        f'<p><a href="{escape(report_url)}">{escape(said["report"])}</a></p>',
        f"<p><small>{escape(said['why'])}</small></p>",
        f'<p><small><a href="{escape(unsubscribe_url)}">{escape(said["stop"])}</a></small></p>',
    ]
    text = [
        subject,
        "",
        *(f"{one.title}: {one.value} ({said['before']}: {one.before})" for one in lines),
        "",
        *(" · ".join(row) for row in rows),
        "",
        f"{said['report']}: {report_url}",
        f"{said['stop']}: {unsubscribe_url}",
        "",
    ]
    return Digest(subject, "\n".join(parts), "\n".join(text))


def _figures(shop_id: int, period: Period) -> _Both:
    days = Only(period.begin, period.end)
    return _Both(recovery(shop_id, *period), table(shop_id, days, by=("scenario",)))


def _lines(now: _Both, before: _Both, language: str) -> Iterator[Line]:
    """The figures that a mail tells, by name; the console's catalogue has their titles."""

    def number(value: int) -> str:
        return str(format_decimal(value, locale=language))

    def share(value: float | None) -> str:
        return "–" if value is None else str(format_percent(value, "#,##0.#%", locale=language))

    def moneys(values: Sequence[Money]) -> str:
        return " · ".join(one.text(language) for one in values) or "–"

    told: dict[str, Callable[[_Both], str]] = {
        "abandoned": lambda one: number(one.recovery.carts),
        "recovered": lambda one: number(one.recovery.recovered),
        "recovery_rate": lambda one: share(one.recovery.rate),
        "recovered_revenue": lambda one: moneys(one.recovery.money("recovered_revenue")),
        "all_revenue": lambda one: moneys(one.recovery.money("all_revenue")),
        "sent": lambda one: number(one.table.total.counts["sent"]),
        "clicked": lambda one: number(one.table.total.counts["clicked"]),
        "orders": lambda one: number(one.table.total.all_orders),
        "revenue": lambda one: moneys(one.table.total.money("revenue")),
        "message_cost": lambda one: moneys(one.table.total.money("message_cost")),
        "profit": lambda one: moneys(one.table.total.money("profit")),
    }
    for name, tell in told.items():
        title = translation.gettext(definitions()[name].title)
        yield Line(title, tell(now), tell(before))


def _rows(shop: Shop, period: Period, language: str) -> list[tuple[str, str, str, str]]:
    """What each scenario and campaign did, that with the most orders first."""
    found = table(shop.id, Only(period.begin, period.end), by=("scenario",))
    names = Names.of(shop.id)
    rows = sorted(found.rows, key=lambda row: (-row.all_orders, -row.counts["sent"]))
    return [
        (
            names.of_key(row.key)["scenario"],
            str(format_decimal(row.counts["sent"], locale=language)),
            str(format_decimal(row.all_orders, locale=language)),
            " · ".join(one.text(language) for one in row.money("revenue")) or "–",
        )
        for row in rows[:_MOST_ROWS]
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f'<{tag} align="left">{escape(one)}</{tag}>' for one in cells)

    lines = [line(head, "th"), *(line(row, "td") for row in rows)]
    return '<table cellpadding="6">' + "</tr>".join(lines) + "</tr></table>"


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    path = files("ripresa.usecases.digests") / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
