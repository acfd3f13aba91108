"""Which arm of a test a person is in: drawn once, when the first of her carts is taken up after it began.

As for the hold-out, lots hang on a person's keys, and anybody can check one by the names alone.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count

from ripresa.core import query
from ripresa.domain.scenarios.models import ArmAssignment
from ripresa.domain.scenarios.plan import WHOLE_SHARE, SplitTest

run = partial(query.run, "ripresa.domain.scenarios.trial")

_DRAW_BYTES = 8


class Lot(NamedTuple):
    """Somebody whose arm in the test of a scenario is wanted."""

    scenario_id: UUID
    scenario: str
    contact_id: UUID
    test: SplitTest


def arm_of(scenario: str, test: SplitTest, person: str) -> str:
    """The arm of `person` (her e-mail, else phone, else customer id), by the names alone.

    docs/reference/scenario-file.md has the formula.
    """
    digest = sha256(f"test\n{scenario}\n{test.name}\n{person}".encode()).digest()[:_DRAW_BYTES]
    place = int.from_bytes(digest) * WHOLE_SHARE
    ends = accumulate(arm.share for arm in test.arms)
    for arm, end in zip(test.arms, ends, strict=True):
        if place < end << (8 * _DRAW_BYTES):
            return arm.name
    raise ValueError(f"the shares of the test {test.name!r} are less than a whole")


def draw_arms(*, shop_id: int, lots: Sequence[Lot], now: datetime) -> dict[tuple[UUID, UUID], str]:
    """By (scenario, contact), her arm; who has none yet is drawn, and keeps it.

    The caller holds the locks of the people. Two people who turn out to be one: the earlier lot holds.
    """
    if not lots:
        return {}
    wanted = {(one.scenario_id, one.contact_id): one for one in lots}
    arms: dict[tuple[UUID, UUID], str] = {}
    new: list[tuple[UUID, str, str, str]] = []
    for scenario_id, contact_id, person, key, arm in run(
        "arm_lots",
        shop_id=shop_id,
        scenario_ids=[scenario_id for scenario_id, _ in wanted],
        contact_ids=[contact_id for _, contact_id in wanted],
        tests=[one.test.name for one in wanted.values()],
    ):
        one = wanted[scenario_id, contact_id]
        drawn = arm or arm_of(one.scenario, one.test, person)
        arms[scenario_id, contact_id] = drawn
        if arm is None:
            new.append((scenario_id, one.test.name, key, drawn))
    if new:
        scenario_ids, tests, keys, drawn_arms = zip(*new, strict=True)
        run(
            "add_arm_lots",
            shop_id=shop_id,
            scenario_ids=list(scenario_ids),
            tests=list(tests),
            keys=list(keys),
            arms=list(drawn_arms),
            now=now,
        )
    return arms


def people_in_arms(shop_id: int, scenario_id: UUID, test: str) -> dict[str, int]:
    """How many people were drawn into each arm so far, by its name."""
    drawn = ArmAssignment.objects.filter(shop_id=shop_id, scenario_id=scenario_id, test=test)
    return dict(drawn.values_list("arm").annotate(number=Count("key")).order_by())
