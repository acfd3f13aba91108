"""Figures as values that travel: the same for JSON, CSV and the command line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ripresa.core.money import Money
from ripresa.domain.attribution.crediting import MODELS
from ripresa.usecases.reporting.figures import COUNTS, Row, Table
from ripresa.usecases.reporting.names import Names
from ripresa.usecases.reporting.orders import Credited, OrderStory, SideBySide
from ripresa.usecases.reporting.recovery import CAUSES, Buyers, Recovery
from ripresa.usecases.reporting.restores import Restores

SUMS = ("revenue", "coupon_cost", "message_cost", "profit")
_OF_LEFT = ("abandoned_value", "recovered_revenue")
_OF_SOLD = ("all_revenue", "refunded")


def amounts(sums: Sequence[Money]) -> list[dict[str, str]]:
    """Sums of money in major units, one for each currency."""
    return [{"amount": f"{one.decimal():f}", "currency": one.currency} for one in sums]


def tell_row(row: Row) -> dict[str, Any]:
    """The figures of a row by name."""
    return {
        **row.counts,
        "click_rate": row.click_rate,
        "orders": row.all_orders,
        "coupon_orders": row.all_coupon_orders,
        **{name: amounts(row.money(name)) for name in SUMS},
    }


def tell_table(table: Table, names: Names) -> dict[str, Any]:
    """All rows with their keys in words, the total, and what agents earned, apart."""
    return {
        "model": table.model.value,
        "rows": [{"key": names.of_key(row.key), "figures": tell_row(row)} for row in table.rows],
        "of_agents": tell_row(table.of_agents),
        "rows_of_agents": [
            {"key": names.of_key(row.key), "figures": tell_row(row)} for row in table.rows_of_agents
        ],
        "total": tell_row(table.total),
    }


def csv_of_table(table: Table, names: Names, currency: str) -> Iterator[list[str]]:
    """The table as lines, the header first: a line for each row and currency.

    What has no currency stands in the first line of its row, so every column can be summed up.
    """
    by = list(table.by)
    yield [*by, "of_agents", "currency", *COUNTS, "orders", "coupon_orders", *SUMS]
    for rows, of_agents in ((table.rows, "no"), (table.rows_of_agents, "yes")):
        for row in rows:
            key = names.of_key(row.key)
            yield from _lines(row, [key.get(name, "") for name in by], of_agents, currency)


def _lines(row: Row, key: list[str], of_agents: str, currency: str) -> Iterator[list[str]]:
    profit = row.profit
    for number, code in enumerate(row.currencies or [currency]):
        counts = [str(row.counts[name]) if not number else "0" for name in COUNTS]
        sums = (row.revenue, row.coupon_cost, row.message_cost, profit)
        yield [
            *key, of_agents, code, *counts,
            str(row.orders.get(code, 0)), str(row.coupon_orders.get(code, 0)),
            *(f"{Money(each.get(code, 0), code).decimal():f}" for each in sums),
        ]  # fmt: skip


def tell_recovery(found: Recovery, bought: Buyers) -> dict[str, Any]:
    """RPT-2 by name; shares and sums by currency."""
    return {
        "abandoned": found.carts,
        "recovered": found.recovered,
        "recovery_rate": found.rate,
        "hours_to_recover": found.hours_to_recover,
        "causes": found.causes,
        "all_orders": sum(one.orders for one in found.sold.values()),
        **bought._asdict(),
        **{name: amounts(found.money(name)) for name in (*_OF_LEFT, *_OF_SOLD)},
        "value_share": _shares(found, found.value_share),
        "revenue_share": _shares(found, found.revenue_share),
    }


def _shares(found: Recovery, share: Any) -> dict[str, float]:
    told: Mapping[str, float | None] = {code: share(code) for code in found.currencies}
    return {code: value for code, value in told.items() if value is not None}


def csv_of_recovery(found: Recovery) -> Iterator[list[str]]:
    """RPT-2 as lines, one for each currency, the header first."""
    yield [
        "currency", "abandoned", "abandoned_value", "recovered", "recovered_revenue", "value_share",
        *(f"recovered_by_{cause}" for cause in CAUSES), "all_orders", "all_revenue", "refunded",
        "revenue_share",
    ]  # fmt: skip
    for code in found.currencies:
        left, sold = found.left.get(code), found.sold.get(code)
        yield [
            code,
            str(left.carts if left else 0),
            _text(left.value if left else 0, code),
            str(left.recovered if left else 0),
            _text(left.revenue if left else 0, code),
            _share(found.value_share(code)),
            *(str(left.by_cause.get(cause, 0) if left else 0) for cause in CAUSES),
            str(sold.orders if sold else 0),
            _text(sold.net if sold else 0, code),
            _text(sold.refunded if sold else 0, code),
            _share(found.revenue_share(code)),
        ]


def csv_of_causes(found: Recovery) -> Iterator[list[str]]:
    """What brought carts back, a line for each cause and currency, the header first."""
    yield ["cause", "currency", "recovered", "recovered_revenue"]
    for cause in CAUSES:
        for code in found.currencies:
            if (left := found.left.get(code)) and left.by_cause.get(cause):
                brought = _text(left.revenue_by_cause.get(cause, 0), code)
                yield [cause, code, str(left.by_cause[cause]), brought]


def tell_restores(found: Sequence[Restores]) -> list[dict[str, Any]]:
    """Whether restore links lead back, by where carts come from."""
    return [
        {
            "source": one.source,
            "platform": one.platform,
            "restore_followed": one.followed,
            "restore_back": one.back,
            "restore_rate": one.rate,
        }
        for one in found
    ]


def csv_of_restores(found: Sequence[Restores]) -> Iterator[list[str]]:
    """The same as lines, the header first."""
    yield ["source", "platform", "restore_followed", "restore_back", "restore_rate"]
    for one in found:
        yield [one.source, one.platform, str(one.followed), str(one.back), _share(one.rate)]


def _text(minor: int, code: str) -> str:
    return f"{Money(minor, code).decimal():f}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


def tell_models(found: Sequence[SideBySide], names: Names) -> list[dict[str, Any]]:
    """What each group earned under each model."""
    return [
        {
            "key": names.of_key(one.key),
            "earned_by": _earned_by(one),
            "currency": one.currency,
            "orders": one.orders,
            "revenue": {model.value: _text(one.minor[model], one.currency) for model in MODELS},
        }
        for one in found
    ]


def csv_of_models(
    found: Sequence[SideBySide], names: Names, by: Sequence[str]
) -> Iterator[list[str]]:
    """The same as lines, the header first."""
    yield [*by, "earned_by", "currency", "orders", *(model.value for model in MODELS)]
    for one in found:
        key = names.of_key(one.key)
        sums = (_text(one.minor[model], one.currency) for model in MODELS)
        yield [
            *(key.get(name, "") for name in by), _earned_by(one), one.currency, str(one.orders), *sums
        ]  # fmt: skip


def _earned_by(one: SideBySide) -> str:
    if not one.key and not one.is_agents:
        return "nobody"
    return "agent's orders" if one.is_agents else "touchpoints"


def tell_story(story: OrderStory) -> dict[str, Any]:
    """Who earned one order, and why."""
    order = story.order
    return {
        "order": order.external_id,
        "number": order.number,
        "placed_at": order.placed_at and order.placed_at.isoformat(),
        "counted_until": story.counted_until.isoformat(),
        "abandoned_at": story.abandoned_at and story.abandoned_at.isoformat(),
        "worth": amounts([story.worth])[0],
        "counts": story.counts,
        "is_agents": story.is_agents,
        "touchpoints": [
            {
                "at": one.touch.at.isoformat(),
                "kind": one.touch.kind.value,
                "channel": one.touch.channel,
                "message": one.message_id and str(one.message_id),
                "why": one.why.value,
                "shares": {model.value: f"{m.decimal():f}" for model, m in one.shares.items()},
            }
            for one in story.touches
        ],
    }


def csv_of_story(story: OrderStory) -> Iterator[list[str]]:
    """Its touchpoints as lines, the header first."""
    yield ["order", "at", "kind", "channel", "why", "currency", *(model.value for model in MODELS)]
    for one in story.touches:
        shares = (
            f"{one.shares[model].decimal():f}" if model in one.shares else "" for model in MODELS
        )
        at = one.touch.at.isoformat(timespec="seconds")
        yield [
            story.order.external_id, at, one.touch.kind.value, one.touch.channel, one.why.value,
            story.worth.currency, *shares,
        ]  # fmt: skip


_CREDIT_COLUMNS = (
    "order", "number", "placed_at", "net", "currency", "place", "at", "kind", "channel", "touchpoint",
    "of_agents", *(model.value for model in MODELS),
)  # fmt: skip


def csv_of_credits(found: Iterable[Credited]) -> Iterator[list[str]]:
    """Every share of orders as lines, the header first; one that nothing earned has a line of its own."""
    yield list(_CREDIT_COLUMNS)
    for order, shares in found:
        code = order.currency or ""
        net = _text(order.total_minor - order.refunded_minor, code)
        placed = order.placed_at.isoformat() if order.placed_at else ""
        head = [order.external_id, order.number, placed, net, code]
        if not shares:
            yield [*head, "0", "", "", "", "", "no", *[net] * len(MODELS)]
        for share in shares:
            sums = (_text(getattr(share, f"{model.value}_minor"), code) for model in MODELS)
            yield [
                *head, str(share.place), share.at.isoformat(), share.kind, share.channel,
                str(share.touch_id), "yes" if share.is_agents else "no", *sums,
            ]  # fmt: skip
