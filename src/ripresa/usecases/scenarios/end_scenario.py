"""End a scenario for good: it wants no cart any more, and what it has planned is cancelled."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.domain.audit.words import Action
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.scenarios.moving import PLANNED
from ripresa.usecases.scenarios.activate_scenario import lock_scenario, tell_of

PAGE = 500


def end_scenario(*, shop_id: int, scenario_id: UUID, now: datetime) -> int:
    """End a live or paused scenario; returns how many recoveries that cancelled. Raises NotPossible.

    Its name, versions and trail stay. A message that is being sent at this moment may still leave.
    """
    with transaction.atomic():
        tell_of(lock_scenario(shop_id, scenario_id, "live", "paused"), Action.ENDED, now)
        Scenario.objects.filter(shop_id=shop_id, id=scenario_id).update(
            state="ended", paused_reason=""
        )
    # What still begins in a transaction that saw it live is cancelled at its taking up.
    after, cancelled = None, 0
    while (page := _cancel_page(shop_id, scenario_id, after, now)) is not None:
        after, count = page
        cancelled += count
    return cancelled


@transaction.atomic
def _cancel_page(
    shop_id: int, scenario_id: UUID, after: UUID | None, now: datetime
) -> tuple[UUID, int] | None:
    """Cancel the next recoveries: where to go on, and how many there were."""
    page = operations.lock_open_runs(
        shop_id=shop_id, scenario_id=scenario_id, after=after, limit=PAGE
    )
    if page is None:
        return None
    ids = [one.recovery_id for one in page.runs]
    planned = [
        (recovery_id, message_id, Reason.SCENARIO_ENDED)
        for recovery_id, message_id, _, _, _, state, _ in operations.run(
            "messages_of_runs", shop_id=shop_id, ids=ids
        )
        if state == PLANNED
    ]
    operations.cancel_runs(
        shop_id=shop_id,
        runs=[*planned, *((recovery_id, None, Reason.SCENARIO_ENDED) for recovery_id in ids)],
        now=now,
    )
    return page.after, len(ids)
