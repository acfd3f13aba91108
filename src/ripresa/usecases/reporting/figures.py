"""Read figures of messages and of what they earned, grouped as one asks. No sum crosses currencies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from ripresa.core.money import Money
from ripresa.domain.attribution.credit import Model
from ripresa.domain.attribution.rolling import settings_of

# By what figures can be told apart, and the columns that say it.
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "day": ("day",),
    "scenario": ("origin_kind", "origin_id"),
    "version": ("version",),
    "step": ("step",),
    "message": ("template",),
    "channel": ("channel",),
    "language": ("language",),
    "agent": ("agent_id",),
}
COUNTS = ("sent", "delivered", "opened", "clicked", "unsubscribed", "bounced", "complained")
_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Only:
    """Which figures: days of the shop's zone, both ends included; None or empty leaves nothing out.

    `origin`: a scenario or a campaign.
    """

    begin: date
    end: date
    origin: UUID | None = None
    origin_kind: str = ""
    step: str = ""
    message: str = ""
    channel: str = ""
    language: str = ""
    agent: UUID | None = None
    version: int | None = None

    def wanted(self) -> dict[str, Any]:
        """What columns of a roll-up must hold, beside the days."""
        chosen = {
            "origin_id": self.origin,
            "origin_kind": self.origin_kind,
            "step": self.step,
            "template": self.message,
            "channel": self.channel,
            "language": self.language,
            "agent_id": self.agent,
            "version": self.version,
        }
        return {name: value for name, value in chosen.items() if value not in {None, ""}}

    def of(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Those of `rows` that are asked for."""
        return rows.filter(day__range=(self.begin, self.end), **self.wanted())

    @property
    def is_whole(self) -> bool:
        """Whether nothing but days is chosen."""
        return self == Only(self.begin, self.end)


@dataclass(slots=True)
class Row:
    """Figures of one group; `key` by dimension, as stored. Money in minor units by currency."""

    key: dict[str, Any]
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    orders: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    coupon_orders: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    revenue: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    coupon_cost: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    message_cost: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    margin: int | None = None

    @property
    def click_rate(self) -> float | None:
        """Clicked ÷ delivered; None where nothing was delivered."""
        delivered = self.counts["delivered"]
        return self.counts["clicked"] / delivered if delivered else None

    @property
    def all_orders(self) -> int:
        """Orders in all currencies: they may be counted together, their money may not."""
        return sum(self.orders.values())

    @property
    def all_coupon_orders(self) -> int:
        """The same, of orders with coupon."""
        return sum(self.coupon_orders.values())

    @property
    def currencies(self) -> list[str]:
        """The currencies in which something was earned or paid, the best earning first."""
        all_of_them = {*self.orders, *self.revenue, *self.message_cost}
        return sorted(all_of_them, key=lambda code: (-self.revenue.get(code, 0), code))

    def money(self, name: str) -> tuple[Money, ...]:
        """A sum of money by its name, one for each currency."""
        minor = self.profit if name == "profit" else getattr(self, name)
        return tuple(Money(minor[code], code) for code in self.currencies if code in minor)

    @property
    def profit(self) -> dict[str, int]:
        """(Revenue + coupon cost) × margin − coupon cost − message cost, by currency; halves to even."""
        margin = _WHOLE if self.margin is None else self.margin
        return {
            code: part_of(self.revenue.get(code, 0) + self.coupon_cost.get(code, 0), margin)
            - self.coupon_cost.get(code, 0)
            - self.message_cost.get(code, 0)
            for code in self.currencies
        }

    def add(self, other: "Row") -> None:
        """Take another row's figures in."""
        for name, number in other.counts.items():
            self.counts[name] += number
        for name in ("orders", "coupon_orders", "revenue", "coupon_cost", "message_cost"):
            mine = getattr(self, name)
            for code, number in getattr(other, name).items():
                mine[code] += number


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with their total. `of_agents`: orders that an agent's contact earned, apart (AGT-4)."""

    by: tuple[str, ...]
    model: Model
    rows: list[Row]
    total: Row
    of_agents: Row


def table(
    shop_id: int, only: Only, *, by: Sequence[str] = ("scenario",), model: Model = Model.LAST
) -> Table:
    """Figures of messages and of what they earned, grouped by `by` (names of DIMENSIONS)."""
    margin = settings_of(shop_id).margin
    columns = [column for name in by for column in DIMENSIONS[name]]
    groups: dict[tuple[Any, ...], Row] = {}
    total, of_agents = Row({}, margin=margin), Row({}, margin=margin)

    def group(found: Mapping[str, Any]) -> Row:
        at = tuple(found[column] for column in columns)
        if at not in groups:
            groups[at] = Row(dict(zip(columns, at, strict=True)), margin=margin)
        return groups[at]

    for found in _messages(shop_id, only, columns):
        piece = _sent(found)
        group(found).add(piece)
        total.add(piece)
    for found in _credits(shop_id, only, columns, model):
        piece = _earned(found)
        total.add(piece)
        (of_agents if found["is_agents"] else group(found)).add(piece)
    rows = [groups[at] for at in sorted(groups, key=lambda at: [str(part) for part in at])]
    return Table(tuple(by), model, rows, total, of_agents)


def _messages(shop_id: int, only: Only, columns: Sequence[str]) -> list[dict[str, Any]]:
    sums = {f"all_{name}": name for name in (*COUNTS, "cost_minor")}
    return _summed("report_messages", shop_id, only, [*columns, "currency"], sums)


def _credits(
    shop_id: int, only: Only, columns: Sequence[str], model: Model
) -> list[dict[str, Any]]:
    sums = {
        "all_orders": "orders_first" if model is Model.FIRST else "orders",
        "all_coupon_orders": "coupon_orders",
        "all_coupon_minor": "coupon_minor",
        "all_minor": f"{model.value}_minor",
    }
    return _summed("report_credits", shop_id, only, [*columns, "currency", "is_agents"], sums)


def _summed(
    table_name: str, shop_id: int, only: Only, keys: Sequence[str], sums: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Sums of a roll-up by keys. All names are ours, values are parameters: pages are read often."""
    wanted = only.wanted()
    where = "".join(f" AND {column} = %({column})s" for column in wanted)
    said = ", ".join(f"sum({column})" for column in sums.values())
    statement = (
        f"SELECT {', '.join(keys)}, {said} FROM {table_name}"
        f" WHERE shop_id = %(shop_id)s AND day BETWEEN %(begin)s AND %(end)s{where}"
        f" GROUP BY {', '.join(keys)}"
    )
    with connection.cursor() as cursor:
        values = {"shop_id": shop_id, "begin": only.begin, "end": only.end, **wanted}
        cursor.execute(statement, values)
        names = [*keys, *sums]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _sent(found: Mapping[str, Any]) -> Row:
    row = Row({}, counts={name: found[f"all_{name}"] for name in COUNTS})
    if found["currency"]:
        row.message_cost[found["currency"]] = int(found["all_cost_minor"])
    return row


def _earned(found: Mapping[str, Any]) -> Row:
    row, code = Row({}), found["currency"]
    row.orders[code] = found["all_orders"]
    row.coupon_orders[code] = found["all_coupon_orders"]
    row.coupon_cost[code] = int(found["all_coupon_minor"])
    row.revenue[code] = int(found["all_minor"])
    return row


def part_of(minor: int, margin: int) -> int:
    """`margin` ten-thousandths of an amount, halves to even."""
    whole, rest = divmod(minor * margin, _WHOLE)
    if 2 * rest > _WHOLE or (2 * rest == _WHOLE and whole % 2):
        whole += 1
    return whole
