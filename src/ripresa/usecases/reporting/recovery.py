"""What was left behind and what came of it, beside all that was sold (RPT-2). No sum crosses currencies."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

from django.db.models import Sum

from ripresa.core import query
from ripresa.core.money import Money
from ripresa.domain.attribution.days import spans_of
from ripresa.domain.attribution.models import AbandonmentFigures, SalesFigures
from ripresa.domain.attribution.rolling import zone_of

CAUSES = ("agent", "coupon", "link", "own")
_SECONDS_AN_HOUR = 3600

run = partial(query.run, "ripresa.domain.attribution")


@dataclass(slots=True)
class Left:
    """Carts left behind in one currency and what their orders brought, all in minor units."""

    carts: int = 0
    recovered: int = 0
    value: int = 0
    revenue: int = 0
    by_cause: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    revenue_by_cause: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(slots=True)
class Sold:
    """Orders of one currency, and those of them that recovered a cart, in minor units."""

    orders: int = 0
    gross: int = 0
    refunded: int = 0
    discount: int = 0
    recovered_orders: int = 0
    recovered: int = 0

    @property
    def net(self) -> int:
        """What is left of them after refunds."""
        return self.gross - self.refunded


@dataclass(slots=True)
class Recovery:
    """RPT-2 over some days. `left` goes by the day a cart was left, `sold` by the day of the order."""

    left: dict[str, Left]
    sold: dict[str, Sold]
    carts: int
    recovered: int
    causes: dict[str, int]
    seconds: int

    @property
    def rate(self) -> float | None:
        """Recovered ÷ abandoned; None where nothing was left behind."""
        return self.recovered / self.carts if self.carts else None

    @property
    def hours_to_recover(self) -> float | None:
        """From being left to the order, on average."""
        return self.seconds / self.recovered / _SECONDS_AN_HOUR if self.recovered else None

    @property
    def currencies(self) -> list[str]:
        """All currencies there are, that with the most revenue first."""
        return sorted(
            {*self.left, *self.sold},
            key=lambda code: (-(self.sold[code].net if code in self.sold else 0), code),
        )

    def value_share(self, code: str) -> float | None:
        """Recovered revenue ÷ abandoned value in a currency."""
        left = self.left.get(code)
        return left.revenue / left.value if left and left.value else None

    def revenue_share(self, code: str) -> float | None:
        """Revenue that recovered carts brought ÷ all revenue in a currency."""
        sold = self.sold.get(code)
        return sold.recovered / sold.net if sold and sold.net else None

    def brought_by(self, cause: str) -> tuple[Money, ...]:
        """What the carts that one of CAUSES recovered brought, one sum for each currency."""
        return tuple(
            Money(self.left[code].revenue_by_cause[cause], code)
            for code in self.currencies
            if code in self.left and self.left[code].revenue_by_cause.get(cause)
        )

    def money(self, name: str) -> tuple[Money, ...]:
        """A sum by name, one for each currency that has any."""
        of_left = {"abandoned_value": "value", "recovered_revenue": "revenue"}
        of_sold = {"all_revenue": "net", "refunded": "refunded"}
        source, column = (
            (self.left, of_left[name]) if name in of_left else (self.sold, of_sold[name])
        )
        return tuple(
            Money(getattr(source[code], column), code) for code in self.currencies if code in source
        )


class Buyers(NamedTuple):
    """People who placed orders that count, and those of them who placed two or more."""

    customers: int
    repeat_customers: int


def buyers(shop_id: int, begin: date, end: date) -> Buyers:
    """Who bought on days of the shop's zone, both ends included.

    People are no sum of days: they are counted from the orders themselves.
    """
    spans = spans_of([begin, end], zone_of(shop_id))
    [row] = run("customers", shop_id=shop_id, begin=spans.begins[0], end=spans.ends[-1])
    return Buyers(*row)


def recovery(shop_id: int, begin: date, end: date) -> Recovery:
    """What was left and sold on days of the shop's zone, both ends included."""
    left: defaultdict[str, Left] = defaultdict(Left)
    causes: defaultdict[str, int] = defaultdict(int)
    seconds = 0
    rows = AbandonmentFigures.objects.filter(shop_id=shop_id, day__range=(begin, end))
    for cause, code, carts, value, brought, took in (
        rows.values_list("cause", "currency")
        .annotate(Sum("carts"), Sum("value_minor"), Sum("recovered_minor"), Sum("seconds"))
        .order_by()
    ):
        one = left[code]
        one.carts += carts
        one.value += int(value)
        one.revenue += int(brought)
        if cause:
            one.recovered += carts
            one.by_cause[cause] += carts
            one.revenue_by_cause[cause] += int(brought)
            causes[cause] += carts
            seconds += int(took)
    return Recovery(
        left=dict(left),
        sold=_sold(shop_id, begin, end),
        carts=sum(one.carts for one in left.values()),
        recovered=sum(one.recovered for one in left.values()),
        causes={cause: causes[cause] for cause in CAUSES},
        seconds=seconds,
    )


def _sold(shop_id: int, begin: date, end: date) -> dict[str, Sold]:
    rows = SalesFigures.objects.filter(shop_id=shop_id, day__range=(begin, end))
    columns = (
        "orders", "gross_minor", "refunded_minor", "discount_minor", "recovered_orders",
        "recovered_minor",
    )  # fmt: skip
    summed = rows.values_list("currency").annotate(*(Sum(name) for name in columns)).order_by()
    return {code: Sold(*(int(number) for number in numbers)) for code, *numbers in summed}
