"""A scenario pauses itself when it can't go on, says why, and has its owner told (SCN-11)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import structlog

from ripresa.core import query
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.scenarios.models import Scenario

run = partial(query.run, "ripresa.domain.scenarios.sending")
_log = structlog.get_logger("ripresa.sending")

# As many messages of one scenario as must fail one after the other.
TOO_MANY = 10
# How far back one looks for them: other scenarios may have sent in between.
_LOOK_BACK = 500


class Cause(NamedTuple):
    """Why a scenario can't go on: a kind of OwnerNotice, and words."""

    kind: str
    words: str


def pause_itself(*, shop_id: int, causes: Mapping[UUID, Cause], now: datetime) -> None:
    """Pause those of the scenarios that are live, in a transaction; their owner is told once each."""
    tellings = []
    for scenario_id, cause in sorted(causes.items()):
        live = Scenario.objects.filter(shop_id=shop_id, id=scenario_id, state="live")
        name = live.values_list("name", flat=True).first()
        if name is None or not live.update(state="paused", paused_reason=cause.words):
            continue
        _log.warning("scenario paused itself", shop=shop_id, scenario=name, cause=cause.words)
        tellings.append(Telling(cause.kind, name, cause.words, scenario_id))
    tell_owner(shop_id=shop_id, tellings=tellings, now=now)


def failing(*, shop_id: int, scenario_ids: Collection[UUID]) -> set[UUID]:
    """Those of the scenarios whose latest messages have all failed; asked after a failure only."""
    if not scenario_ids:
        return set()
    rows = run(
        "failing_in_a_row",
        shop_id=shop_id,
        scenario_ids=sorted(scenario_ids),
        most=TOO_MANY,
        look_back=_LOOK_BACK,
    )
    return {scenario_id for (scenario_id,) in rows}
