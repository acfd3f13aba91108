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
# Mail programs know no style sheets: each element bears its own.
_BODY = "max-width:640px;margin:0 auto;padding:16px;font:15px/1.5 Arial,sans-serif;color:#1f2328"
_H1, _H2 = "margin:0 0 16px;font-size:20px", "margin:24px 0 8px;font-size:16px"
_TABLE = "width:100%;border-collapse:collapse"
_CELL = "padding:6px 8px 6px 0;border-bottom:1px solid #d8dee4;vertical-align:top"
_SMALL = "margin-top:24px;font-size:13px;color:#59636e"


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
    rows = _rows(shop.id, now.table, language)
    span = " – ".join(format_date(day, "long", locale=language) for day in period)
    subject = said["subject"].format(shop=shop.name, span=span)
    head = (said["figure"], said["now"], said["before"])
    columns = (said["origin"], said["sent"], said["orders"], said["revenue"])
    parts = [
        f'<h1 style="{_H1}">{escape(subject)}</h1>',
        _table(head, lines),
        *(
            [f'<h2 style="{_H2}">{escape(said["by_origin"])}</h2>', _table(columns, rows)]
            if rows
            else []
        ),
        f'<p><a href="{escape(report_url)}">{escape(said["report"])}</a></p>',
        f'<p style="{_SMALL}">{escape(said["why"])} ',
        f'<a href="{escape(unsubscribe_url)}">{escape(said["stop"])}</a></p>',
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
    return Digest(subject, _page(language, subject, parts), "\n".join(text))


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


def _rows(shop_id: int, found: Table, language: str) -> list[tuple[str, str, str, str]]:
    """What each scenario and campaign did, that with the most orders first."""
    said, names = _words()[language], Names.of(shop_id)
    rows = sorted(found.rows, key=lambda row: (-row.all_orders, -row.counts["sent"]))
    return [
        (
            said.get(row.key["origin_kind"]) or names.of_key(row.key)["scenario"],
            str(format_decimal(row.counts["sent"], locale=language)),
            str(format_decimal(row.all_orders, locale=language)),
            " · ".join(one.text(language) for one in row.money("revenue")) or "–",
        )
        for row in rows[:_MOST_ROWS]
    ]


def _page(language: str, title: str, parts: Sequence[str]) -> str:
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{language}"><head><meta charset="utf-8">',
            f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>',
            f'<body style="{_BODY}">',
            *parts,
            "</body></html>",
        ]
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Names on the left, figures on the right."""

    def line(cells: Sequence[str], tag: str) -> str:
        name, *figures = (escape(one) for one in cells)
        told = "".join(f'<{tag} align="right" style="{_CELL}">{one}</{tag}>' for one in figures)
        return f'<tr><{tag} align="left" style="{_CELL}">{name}</{tag}>{told}</tr>'

    lines = [line(head, "th"), *(line(row, "td") for row in rows)]
    return f'<table style="{_TABLE}">{"".join(lines)}</table>'


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    path = files("ripresa.usecases.digests") / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
