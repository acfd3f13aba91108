"""The figures on top of the report, and its chart."""

import json
from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from ripresa.console.layout.writing import day_in_words
from ripresa.console.reports.words import definitions
from ripresa.console.templatetags.console import moneys, number, share
from ripresa.core.money import Money
from ripresa.usecases.reporting.figures import Table
from ripresa.usecases.reporting.recovery import Recovery


class Card(NamedTuple):
    """A figure with its definition, and the date by which it is counted."""

    title: str
    value: str
    meaning: str
    dated: str


def cards_of(found: Recovery, earned: Table) -> list[Card]:
    """RPT-2, profit included, each with what it means."""
    hours = found.hours_to_recover
    values = {
        "abandoned": number(found.carts),
        "abandoned_value": moneys(found.money("abandoned_value")),
        "recovered": number(found.recovered),
        "recovery_rate": share(found.rate),
        "recovered_revenue": moneys(found.money("recovered_revenue")),
        "value_share": _shares(found, "value"),
        "revenue_share": _shares(found, "revenue"),
        "hours_to_recover": "–" if hours is None else f"{number(round(hours))} h",
        "all_revenue": moneys(found.money("all_revenue")),
        "revenue": moneys(earned.total.money("revenue")),
        **_coupons(earned),
        "message_cost": moneys(earned.total.money("message_cost")),
        "profit": moneys(earned.total.money("profit")),
    }
    words = definitions()
    return [
        Card(words[name].title, value, words[name].meaning, words[name].dated)
        for name, value in values.items()
    ]


def _coupons(earned: Table) -> dict[str, str]:
    """What coupons took off, where any did: profit is made of it."""
    if not any(earned.total.coupon_cost.values()):
        return {}
    return {"coupon_cost": moneys(earned.total.money("coupon_cost"))}


def _shares(found: Recovery, of: str) -> str:
    told = {
        code: found.value_share(code) if of == "value" else found.revenue_share(code)
        for code in found.currencies
    }
    said = {code: value for code, value in told.items() if value is not None}
    if len(said) == 1:
        return share(next(iter(said.values())))
    return " · ".join(f"{share(value)} {code}" for code, value in said.items()) or "–"


def titles() -> dict[str, str]:
    """What the columns of the report are called, and what they mean."""
    return {name: one.title for name, one in definitions().items()}


class Chart(NamedTuple):
    """Messages and revenue by day, for the picture (`data`) and the table beside it (`rows`)."""

    data: str
    rows: list[tuple[str, int, Money]]


def chart_of(by_day: Table, currency: str) -> Chart:
    """From the first day that has anything to the last, in the shop's currency; none is left out."""
    sent: defaultdict[date, int] = defaultdict(int)
    revenue: defaultdict[date, int] = defaultdict(int)
    for row in (*by_day.rows, *by_day.rows_of_agents):
        sent[row.key["day"]] += row.counts["sent"]
        revenue[row.key["day"]] += row.revenue.get(currency, 0)
    span = (max(sent) - min(sent)).days + 1 if sent else 0
    days = [min(sent) + timedelta(days=number) for number in range(span)]
    rows = [(day_in_words(day), sent[day], Money(revenue[day], currency)) for day in days]
    data = {
        "days": [day for day, _, _ in rows],
        "sent": [sent for _, sent, _ in rows],
        "revenue": [float(revenue.decimal()) for _, _, revenue in rows],
    }
    return Chart(json.dumps(data), rows)
