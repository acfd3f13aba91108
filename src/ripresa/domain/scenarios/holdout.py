"""Hold-out: a share of people who get nothing, so that one sees who would have come by herself (SCN-17).

A person is drawn once for each scenario, when the first of her carts is taken up, and keeps her lot. Lots
hang on a person's keys, as all that is known of people does: merges and splits move nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.domain.scenarios.plan import WHOLE_SHARE

run = partial(query.run, "ripresa.domain.scenarios")

_DRAW_BYTES = 8


class Draw(NamedTuple):
    """Somebody whose lot in a scenario is wanted; `share` of WHOLE_SHARE if she has none yet."""

    scenario_id: UUID
    scenario: str
    contact_id: UUID
    share: int


def is_drawn(scenario: str, person: str, share: int) -> bool:
    """Whether `person` (her e-mail, else phone, else customer id) is held out, by the two names alone.

    docs/reference/scenario-file.md has the formula: anybody can check a lot.
    """
    digest = sha256(f"holdout\n{scenario}\n{person}".encode()).digest()[:_DRAW_BYTES]
    return int.from_bytes(digest) * WHOLE_SHARE < share << (8 * _DRAW_BYTES)


def draw(*, shop_id: int, draws: Sequence[Draw], now: datetime) -> dict[tuple[UUID, UUID], bool]:
    """By (scenario, contact), whether she is held out; who has no lot yet is drawn, and keeps it.

    Whom the scenario wrote to while it held nobody out stays in: one can't unsay a message. The caller
    holds the locks of the people. Two people who turn out to be one: the earlier lot holds.
    """
    if not draws:
        return {}
    wanted = {(one.scenario_id, one.contact_id): one for one in draws}
    lots: dict[tuple[UUID, UUID], bool] = {}
    new: list[tuple[UUID, str, bool]] = []
    for scenario_id, contact_id, person, key, is_held_out, has_heard in run(
        "holdout_lots",
        shop_id=shop_id,
        scenario_ids=[scenario_id for scenario_id, _ in wanted],
        contact_ids=[contact_id for _, contact_id in wanted],
    ):
        seat = (scenario_id, contact_id)
        lots[seat] = is_held_out
        if is_held_out is None:
            one = wanted[seat]
            lots[seat] = not has_heard and is_drawn(one.scenario, person, one.share)
            new.append((scenario_id, key, lots[seat]))
    if new:
        scenario_ids, keys, held_out = zip(*new, strict=True)
        run(
            "add_holdout_lots",
            shop_id=shop_id,
            scenario_ids=list(scenario_ids),
            keys=list(keys),
            held_out=list(held_out),
            now=now,
        )
    return lots
