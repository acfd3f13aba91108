"""Steps that count from an agent's notice: they wait for it, and move with it (AGT-1, SCN-8)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.domain.scenarios.plan import Step

run = partial(query.run, "ripresa.domain.scenarios.sending")


class Notice(NamedTuple):
    """A notice that has left: which, and when it was handed over."""

    recovery_id: UUID
    steps: tuple[Step, ...]
    number: int
    handed_over_at: datetime


def notice_before(steps: Sequence[Step], number: int) -> int | None:
    """The number (from 1) of the notice from which step `number` counts; None: from none."""
    while steps[number - 1].base == "previous" and number > 1:
        number -= 1
        if steps[number - 1].is_notice:
            return number
    return None


def planned_after(notice: Notice) -> dict[int, datetime]:
    """When the steps that count from a notice are planned, by their numbers."""
    planned: dict[int, datetime] = {}
    latest = notice.handed_over_at
    for number in range(notice.number + 1, len(notice.steps) + 1):
        if notice_before(notice.steps, number) != notice.number:
            break
        latest = planned[number] = notice.steps[number - 1].after.after(latest)
    return planned


def pending_notices(
    *, shop_id: int, recovery_ids: Sequence[UUID]
) -> dict[tuple[UUID, int], datetime | None]:
    """Notices that have not left: (recovery, step number) -> when they are due; None: on their way."""
    if not recovery_ids:
        return {}
    rows = run("notices_of_runs", shop_id=shop_id, origin_ids=list(recovery_ids))
    return {
        (origin_id, number): due_at if state == "planned" else None
        for origin_id, number, state, due_at in rows
    }


def move_after(*, shop_id: int, notices: Sequence[Notice]) -> None:
    """Plan anew what counts from notices that have left; the locks of their people are held."""
    moves = [
        (notice.recovery_id, number, planned_for)
        for notice in notices
        for number, planned_for in planned_after(notice).items()
    ]
    if moves:
        run(
            "move_after_notice",
            shop_id=shop_id,
            origin_ids=[recovery_id for recovery_id, _, _ in moves],
            step_numbers=[number for _, number, _ in moves],
            planned_fors=[planned_for for *_, planned_for in moves],
        )
