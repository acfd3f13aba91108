"""A scenario's condition as a sentence: Cart value at least 2,000.00 €, and Country is one of IT, SM."""

from functools import reduce

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ripresa.console.conditions import facts
from ripresa.console.conditions.words import COMPARISONS, ONE_OF, YES_OR_NO, Words
from ripresa.console.layout.writing import language, locale
from ripresa.core.money import Money
from ripresa.domain.deals.pipeline import stage_names
from ripresa.domain.scenarios.plan import (
    All,
    Amount,
    AnyOf,
    Condition,
    Not,
    Operand,
    Plan,
    Test,
)

_NO_STAGES: Words = {}


def stages_asked(shop_id: int, plan: Plan) -> Words:
    """What the shop calls the stages of its deals, if a condition of the plan asks for one."""
    asked = [branch.when for branch in plan.branches]
    asked += [step.only_if for branch in plan.branches for step in branch.steps]
    if not any(_asks_stage(one) for one in asked if one is not None):
        return _NO_STAGES
    return stage_names(shop_id=shop_id, language=language())


def _asks_stage(condition: Condition) -> bool:
    match condition:
        case All(of) | AnyOf(of):
            return any(_asks_stage(one) for one in of)
        case Not(of):
            return _asks_stage(of)
    return condition.fact == "deal_stage"


def told(condition: Condition, stages: Words = _NO_STAGES) -> str:
    """The condition in the reader's language; `stages`: what the shop calls those of its deals."""
    one_or_other = _("%(one)s or %(other)s")
    match condition:
        case All(of):
            return _joined(_("%(one)s, and %(other)s"), of, stages)
        case AnyOf(of):
            return f"({_joined(one_or_other, of, stages)})"
        case Not(Test(op="eq" | "in") as turned):
            return _told(turned, ONE_OF["ne"], stages)
        case Not(of):
            return _("not so: (%s)") % told(of, stages)
    if isinstance(condition.value, bool):
        is_so = condition.value is not (condition.op == "ne")
        return f"{facts.FIELDS[condition.fact]}: {YES_OR_NO['true' if is_so else 'false']}"
    compared = {**COMPARISONS, "in": ONE_OF["in"]}
    if _is_word(condition):
        compared |= {"eq": _("is"), "ne": _("is not")}
    return _told(condition, compared[condition.op], stages)


def _joined(pattern: str, of: tuple[Condition, ...], stages: Words) -> str:
    said = [told(each, stages) for each in of]
    return reduce(lambda one, other: pattern % {"one": one, "other": other}, said)


def _is_word(test: Test) -> bool:
    listed = test.value if isinstance(test.value, tuple) else (test.value,)
    return all(isinstance(one, str) for one in listed)


def _told(test: Test, compared: Promise | str, stages: Words) -> str:
    listed = test.value if isinstance(test.value, tuple) else (test.value,)
    known = facts.carts(stages).choices(test.fact)
    is_ticked = facts.CONTROLS[test.fact] == "choices"
    values = [_value(one, known if is_ticked else {}) for one in listed]
    return f"{facts.FIELDS[test.fact]} {compared} {', '.join(values)}"


def _value(value: Operand, known: Words) -> str:
    if isinstance(value, Amount):
        return Money(value.minor, value.currency).text(locale())
    return str(known.get(str(value), value))
