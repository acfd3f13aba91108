"""From a condition to SQL: a predicate over `contact AS p`, every value a parameter.

Only fixed fragments and the names of parameters are put together here, never a value.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.segments.conditions import (
    Abandoned,
    All,
    AnyOf,
    Condition,
    LastOrder,
    Not,
    Test,
)

_OPERATORS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
# Orders that count: not cancelled, not wholly given back, no test, none that nobody bought (CAP-9).
_ORDERS = """shop_order AS o
  WHERE o.shop_id = p.shop_id AND o.contact_id = p.id AND o.placed_at IS NOT NULL
    AND o.cancelled_at IS NULL AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal')
    AND NOT (o.refunded_minor > 0 AND o.refunded_minor >= o.total_minor)"""
# What each fact is in SQL; a NULL is not known, and then only `ne` is true.
FACTS: dict[str, str] = {
    "country": "p.address ->> 'country'",
    "language": "lower(split_part(replace(p.locale, '_', '-'), '-', 1))",
    "agent": "p.agent",
    "consent.email": "p.consent_email",
    "consent.sms": "p.consent_sms",
    "consent.letter": "p.consent_letter",
    "has_email": "(p.email IS NOT NULL)",
    "has_phone": "(p.phone IS NOT NULL)",
    "has_address": "(p.address IS NOT NULL)",
    "orders": f"(SELECT count(*) FROM {_ORDERS})",
}
_STATES = {
    "any": "true",
    "recovered": "c.state = 'recovered'",
    "not_recovered": "c.state IN ('abandoned', 'expired')",
}


@dataclass(slots=True)
class Compiled:
    """A predicate over `contact AS p`, and what its parameters stand for."""

    now: datetime
    values: dict[str, Any] = field(default_factory=dict)

    def put(self, value: Any) -> str:
        """A placeholder for `value`."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def predicate(self, condition: Condition) -> str:
        """The SQL of `condition`: true or false, never NULL."""
        match condition:
            case Test():
                return self._test(condition)
            case LastOrder(within, before):
                at = f"(SELECT max(o.placed_at) FROM {_ORDERS})"
                return f"coalesce({' AND '.join(self._ago(at, within, before))}, false)"
            case Abandoned():
                return self._abandoned(condition)
            case All(of):
                return f"({' AND '.join(self.predicate(each) for each in of)})"
            case AnyOf(of):
                return f"({' OR '.join(self.predicate(each) for each in of)})"
            case Not(of):
                return f"NOT {self.predicate(of)}"

    def carts(self, wanted: Abandoned) -> str:
        """FROM and WHERE of the abandonments `a` (of carts `c`) of `p` that `wanted` describes."""
        conditions = [
            "c.shop_id = p.shop_id AND c.contact_id = p.id AND NOT c.is_bot AND NOT c.is_test",
            _STATES[wanted.state],
            *self._ago("a.abandoned_at", wanted.within, wanted.before),
        ]
        for op, amount in wanted.value:
            conditions.append(
                f"a.currency = {self.put(amount.currency)}"
                f" AND a.total_minor {_OPERATORS[op]} {self.put(amount.minor)}"
            )
        for name, values in (("sku", wanted.skus), ("categories", wanted.categories)):
            if values:
                conditions.append(self._has_item(name, values))
        return (
            "FROM cart AS c JOIN abandonment AS a ON a.shop_id = c.shop_id AND a.cart_id = c.id"
            f" WHERE {' AND '.join(conditions)}"
        )

    def _test(self, test: Test) -> str:
        fact = FACTS[test.fact]
        if test.op == "in":
            return f"coalesce({fact} = ANY({self.put(list(_several(test.value)))}), false)"
        unknown = "true" if test.op == "ne" else "false"
        return f"coalesce({fact} {_OPERATORS[test.op]} {self.put(test.value)}, {unknown})"

    def _abandoned(self, wanted: Abandoned) -> str:
        carts = self.carts(wanted)
        if not wanted.count:
            return f"EXISTS (SELECT 1 {carts})"
        counted = f"(SELECT count(DISTINCT a.id) {carts})"
        return " AND ".join(
            f"{counted} {_OPERATORS[op]} {self.put(number)}" for op, number in wanted.count
        )

    def _has_item(self, name: str, values: tuple[str, ...]) -> str:
        wanted = self.put(list(values))
        item = f"i.item ->> 'sku' = ANY({wanted})"
        if name == "categories":
            item = f"i.item -> 'categories' ?| {wanted}"
        return f"EXISTS (SELECT 1 FROM jsonb_array_elements(a.items) AS i (item) WHERE {item})"

    def _ago(self, at: str, within: Duration | None, before: Duration | None) -> list[str]:
        bounds = [f"{at} IS NOT NULL"]
        if within is not None:
            bounds.append(f"{at} >= {self.put(_back(self.now, within))}")
        if before is not None:
            bounds.append(f"{at} <= {self.put(_back(self.now, before))}")
        return bounds


def _several(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _back(now: datetime, span: Duration) -> datetime:
    """The instant `span` before `now`; months are those of the calendar."""
    return Duration(-span.months).after(now) - timedelta(seconds=span.seconds)
