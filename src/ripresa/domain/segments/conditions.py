"""What a segment may ask for: values only. Round-trips through JSON."""

from typing import Literal

import msgspec

from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.plan import Amount, Op

State = Literal["any", "recovered", "not_recovered"]


class Test(msgspec.Struct, frozen=True, tag="test"):
    """One comparison of a fact about a person; `value` is a tuple where the operator is `in`."""

    fact: str
    op: Op
    value: int | str | bool | tuple[str, ...]


class LastOrder(msgspec.Struct, frozen=True, tag="last_order"):
    """Her latest order that counts lies at most `within`, or at least `before`, back."""

    within: Duration | None = None
    before: Duration | None = None


class Abandoned(msgspec.Struct, frozen=True, tag="abandonment"):
    """She left at least one cart like this behind (CMP-1); `count` compares how many.

    `value`: each comparison must hold of the value it was left with, in that currency alone. `skus`
    and `categories`: one of them is in it. `within`, `before`: how long ago she left it.
    """

    state: State = "any"
    value: tuple[tuple[Op, Amount], ...] = ()
    skus: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    within: Duration | None = None
    before: Duration | None = None
    count: tuple[tuple[Op, int], ...] = ()


class All(msgspec.Struct, frozen=True, tag="all"):
    """Every one of them holds."""

    of: "tuple[Condition, ...]"


class AnyOf(msgspec.Struct, frozen=True, tag="any"):
    """At least one of them holds."""

    of: "tuple[Condition, ...]"


class Not(msgspec.Struct, frozen=True, tag="not"):
    """It does not hold."""

    of: "Condition"


Condition = Test | LastOrder | Abandoned | All | AnyOf | Not


def cart_of_interest(condition: Condition) -> Abandoned:
    """Which of her abandoned carts a message to her speaks of: the newest that this describes.

    The first `abandonment` that must hold; without one, any cart she left.
    """
    match condition:
        case Abandoned():
            return condition
        case All(of):
            found = [cart_of_interest(each) for each in of if _names_a_cart(each)]
            return found[0] if found else Abandoned()
    return Abandoned()


def _names_a_cart(condition: Condition) -> bool:
    match condition:
        case Abandoned():
            return True
        case All(of):
            return any(_names_a_cart(each) for each in of)
    return False
