"""What changed between two plans, field by field, in the words of scenario files.

Branches are matched by name and steps by id, so that moving one is one line.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ripresa.core.money import Money
from ripresa.domain.scenarios.plan import (
    WHOLE_SHARE,
    All,
    Amount,
    AnyOf,
    Branch,
    Condition,
    Not,
    Offer,
    Operand,
    Plan,
    SplitTest,
    Step,
    Window,
)


class Change(NamedTuple):
    """A field that differs; None where one side does not have it."""

    field: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.field}: added: {self.after}"
        if self.after is None:
            return f"{self.field}: removed: {self.before}"
        return f"{self.field}: {self.before} → {self.after}"


def differences(before: Plan, after: Plan) -> list[Change]:
    """Every field that differs, in the order of the file."""
    old, new = dict(_fields(before)), dict(_fields(after))
    names = [*old, *(name for name in new if name not in old)]
    return [
        Change(name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]


def in_words(condition: Condition) -> str:
    """A condition on one line: `all(country eq IT, cart_value lt 2000.00 EUR)`."""
    match condition:
        case All(of):
            return f"all({', '.join(in_words(each) for each in of)})"
        case AnyOf(of):
            return f"any({', '.join(in_words(each) for each in of)})"
        case Not(of):
            return f"not({in_words(of)})"
    return f"{condition.fact} {condition.op} {_value(condition.value)}"


def _fields(plan: Plan) -> Iterator[tuple[str, str]]:
    """The fields of a plan that say something, by their path."""
    told = {
        "name": plan.name,
        "trigger.on": plan.trigger,
        "trigger.idle": plan.idle,
        "audience.customers": plan.audience.customers,
        "audience.inactive_for": plan.audience.inactive_for,
        "audience.segment": plan.audience.segment,
        "legal_basis": plan.legal_basis,
        "priority": plan.priority,
        "stop_on": ", ".join(sorted(plan.stop_on)) or None,
        "stale_after": plan.stale_after,
        "limits.not_more_often_than": plan.not_more_often_than,
        "limits.not_after_order": plan.not_after_order,
        "limits.max_messages_per_30d": plan.max_messages_per_30d,
        **{
            f"quiet_hours.{channel}": _window(window)
            for channel, window in sorted(plan.quiet_hours.items())
        },
        "holdout": f"{(Decimal(plan.holdout) / WHOLE_SHARE).normalize():f}",
        "languages.default": plan.language,
        "languages.list": ", ".join(sorted(plan.languages)),
        "sender": plan.sender and (plan.sender.stored or None),
        "sender.name": plan.sender and (plan.sender.name or None),
        "sender.email": plan.sender and (plan.sender.email or None),
        "sender.reply_to": plan.sender and (plan.sender.reply_to or None),
        "on_reabandon": plan.on_reabandon,
        "on_second_cart": plan.on_second_cart,
        "test": plan.test and _test(plan.test),
        "branches": ", ".join(branch.name for branch in plan.branches),
    }
    yield from ((name, str(value)) for name, value in told.items() if value is not None)
    for branch in plan.branches:
        yield from _branch_fields(branch)


def _test(test: SplitTest) -> str:
    arms = (f"{arm.name} {Decimal(arm.share * 100) / WHOLE_SHARE:f} %" for arm in test.arms)
    return f"{test.name}: {', '.join(arms)}"


def _branch_fields(branch: Branch) -> Iterator[tuple[str, str]]:
    place = f"branches[{branch.name}]"
    if branch.when is not None:
        yield f"{place}.when", in_words(branch.when)
    yield f"{place}.steps", ", ".join(step.id for step in branch.steps)
    for step in branch.steps:
        yield from (
            (f"{place}.steps[{step.id}].{name}", value) for name, value in _step_fields(step)
        )


def _step_fields(step: Step) -> Iterator[tuple[str, str]]:
    told = {
        "after": step.after,
        "from": step.base,
        "notify" if step.is_notice else "send": ", ".join(step.channels),
        "template": step.template,
        "sender": "agent" if step.by_agent else None,
        "only_if": step.only_if and in_words(step.only_if),
        "coupon": step.coupon and _offer(step.coupon),
        "stage": step.stage,
    }
    yield from ((name, str(value)) for name, value in told.items() if value is not None)


def _offer(offer: Offer) -> str:
    kind = f"pool {offer.pool}" if offer.pool is not None else f"mint {offer.worth}"
    return kind if offer.valid_for is None else f"{kind}, valid for {offer.valid_for}"


def _window(window: Window) -> str:
    start, until = (f"{at // 60:02d}:{at % 60:02d}" for at in (window.start, window.until))
    return f"{start} to {until}" + (f" in {window.zone}" if window.zone else "")


def _value(value: Operand | tuple[Operand, ...]) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_operand(each) for each in value)}]"
    return _operand(value)


def _operand(value: Operand) -> str:
    if isinstance(value, Amount):
        return f"{Money(value.minor, value.currency).decimal()} {value.currency}"
    return str(value).lower() if isinstance(value, bool) else str(value)
