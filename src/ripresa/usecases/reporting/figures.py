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
    # What the margin leaves of the sales before coupons: see `_leave`.
    left: dict[str, int] = field(default_factory=lambda: defaultdict(int))

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

    def sold(self, code: str) -> int:
        """Sales in a currency before coupons."""
        return self.revenue.get(code, 0) + self.coupon_cost.get(code, 0)

    @property
    def profit(self) -> dict[str, int]:
        """(Revenue + coupon cost) × margin − coupon cost − message cost, by currency; rows add up."""
        return {
            code: self.left.get(code, 0)
            - self.coupon_cost.get(code, 0)
            - self.message_cost.get(code, 0)
            for code in self.currencies
        }


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with their total.

    `of_agents`: orders that an agent's contact earned, apart (AGT-4); `rows_of_agents`: the same, grouped.
    """

    by: tuple[str, ...]
    model: Model
    rows: list[Row]
    total: Row
    of_agents: Row
    rows_of_agents: list[Row]


def table(
    shop_id: int, only: Only, *, by: Sequence[str] = ("scenario",), model: Model = Model.LAST
) -> Table:
    """Figures of messages and of what they earned, grouped by `by` (names of DIMENSIONS)."""
    [found] = tables(shop_id, only, bys=[by], model=model)
    return found


def tables(
    shop_id: int, only: Only, *, bys: Sequence[Sequence[str]], model: Model = Model.LAST
) -> list[Table]:
    """The same figures grouped in several ways, all by one read."""
    sets = [tuple(column for name in by for column in DIMENSIONS[name]) for by in bys]
    columns = list(dict.fromkeys(column for one in sets for column in one))
    rows = _read(shop_id, only, columns, sets, model)
    return [
        _grouped(by, columns, one, [row for row in rows if row[1] == _mask(columns, one)], model)
        for by, one in zip(bys, sets, strict=True)
    ]


def _mask(columns: Sequence[str], grouped: Sequence[str]) -> int:
    """What GROUPING(columns) says of rows that are grouped by some of them."""
    return sum(1 << n for n, one in enumerate(reversed(columns)) if one not in grouped)


def _read(
    shop_id: int,
    only: Only,
    columns: Sequence[str],
    sets: Sequence[Sequence[str]],
    model: Model,
) -> list[tuple[Any, ...]]:
    """Rows of: is it credit, which grouping, the columns, currency, of agents, margin, eight sums.

    One statement over both roll-ups. All names are ours, values are parameters: pages are read often.
    """
    wanted = only.wanted()
    chosen = "".join(f" AND {column} = %({column})s" for column in wanted)
    where = f"WHERE shop_id = %(shop_id)s AND day BETWEEN %(begin)s AND %(end)s{chosen}"
    credit = ("orders_first" if model is Model.FIRST else "orders", "coupon_orders", "coupon_minor")
    halves = (
        ("report_messages", "", [*COUNTS, "cost_minor"]),
        ("report_credits", "is_agents", [*credit, f"{model.value}_minor", "0", "0", "0", "0"]),
    )
    which = f"grouping({', '.join(columns)})" if len(sets) > 1 else "0"
    statement = " UNION ALL ".join(
        f"SELECT {bool(apart)}, {which}, {''.join(f'{one}, ' for one in columns)}currency,"
        f" {apart or 'false'},"
        " (SELECT margin FROM report_settings WHERE shop_id = %(shop_id)s),"
        f" {', '.join(f'sum({one})::bigint' for one in sums)} FROM {name} {where}"
        f" GROUP BY {_grouping(sets, apart)}"
        for name, apart, sums in halves
    )
    with connection.cursor() as cursor:
        values = {"shop_id": shop_id, "begin": only.begin, "end": only.end, **wanted}
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _grouping(sets: Sequence[Sequence[str]], apart: str) -> str:
    """The sets by which a roll-up is grouped; money stays in its currency in each of them."""
    keys = [", ".join([*one, "currency", *([apart] if apart else [])]) for one in sets]
    if len(keys) == 1:
        return keys[0]
    return "GROUPING SETS (" + ", ".join(f"({one})" for one in dict.fromkeys(keys)) + ")"


def _grouped(
    by: Sequence[str],
    columns: Sequence[str],
    grouped: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    model: Model,
) -> Table:
    """The rows of one grouping as a table."""
    places = [columns.index(one) + 2 for one in grouped]
    first = len(columns) + 2
    margin = rows[0][first + 2] if rows else None
    groups: dict[tuple[Any, ...], Row] = {}
    agents_groups: dict[tuple[Any, ...], Row] = {}
    total, of_agents = Row({}), Row({})
    for found in rows:
        is_credit, code, is_agents = found[0], found[first], found[first + 1]
        at = tuple(found[place] for place in places)
        among = agents_groups if is_agents else groups
        row = among.get(at)
        if row is None:
            row = among[at] = Row(dict(zip(grouped, at, strict=True)))
        for one in (row, of_agents, total) if is_agents else (row, total):
            (_earn if is_credit else _send)(one, code, found[first + 3 :])
    ordered, agents = _in_order(groups), _in_order(agents_groups)
    _leave([*ordered, *agents], total, _WHOLE if margin is None else margin)
    for row in agents:
        for code, minor in row.left.items():
            of_agents.left[code] += minor
    return Table(tuple(by), model, ordered, total, of_agents, agents)


def _in_order(groups: Mapping[tuple[Any, ...], Row]) -> list[Row]:
    return [groups[at] for at in sorted(groups, key=lambda at: [str(part) for part in at])]


def _send(row: Row, code: str, sums: Sequence[int]) -> None:
    counts = row.counts
    for name, number in zip(COUNTS, sums, strict=False):
        counts[name] += number
    if code:
        row.message_cost[code] += sums[len(COUNTS)]


def _earn(row: Row, code: str, sums: Sequence[int]) -> None:
    orders, coupon_orders, coupon_minor, minor, *_ = sums
    row.orders[code] += orders
    row.coupon_orders[code] += coupon_orders
    row.coupon_cost[code] += coupon_minor
    row.revenue[code] += minor


def _leave(rows: Sequence[Row], total: Row, margin: int) -> None:
    """What `margin` leaves of the sales of all `rows`, and of each: by largest remainder, so they add up."""
    for code in total.currencies:
        parts = [divmod(row.sold(code) * margin, _WHOLE) for row in rows]
        total.left[code] = part_of(total.sold(code), margin)
        lacking = total.left[code] - sum(whole for whole, _ in parts)
        rounded_up = set(sorted(range(len(rows)), key=lambda n: (-parts[n][1], n))[:lacking])
        for n, (whole, _) in enumerate(parts):
            rows[n].left[code] = whole + (n in rounded_up)


def part_of(minor: int, margin: int) -> int:
    """`margin` ten-thousandths of an amount, halves to even."""
    whole, rest = divmod(minor * margin, _WHOLE)
    if 2 * rest > _WHOLE or (2 * rest == _WHOLE and whole % 2):
        whole += 1
    return whole
