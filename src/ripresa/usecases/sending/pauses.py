"""A scenario pauses itself when it can't go on, says why, and has its owner told (SCN-11)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import structlog

from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.core import query
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.webhooks.telling import tell

run = partial(query.run, "ripresa.domain.scenarios.sending")
_log = structlog.get_logger("ripresa.sending")

# As many messages of one scenario as must fail one after the other.
TOO_MANY = 10
# How far back one looks for them: other scenarios may have sent in between.
_LOOK_BACK = 500


class Cause(NamedTuple):
    """Why a scenario or campaign can't go on: a kind of OwnerNotice (or budget), and words."""

    kind: str
    words: str


def pause_itself(*, shop_id: int, causes: Mapping[UUID, Cause], now: datetime) -> None:
    """Pause those of the scenarios and campaigns that are live, in a transaction.

    Their owner is told once each.
    """
    tellings = []
    paused: list[Happening] = []
    for origin_id, cause in sorted(causes.items()):
        telling = _pause_scenario(shop_id, origin_id, cause) or _pause_campaign(
            shop_id, origin_id, cause
        )
        if telling is not None:
            _log.warning("paused itself", shop=shop_id, name=telling.about, cause=cause.words)
            tellings.append(telling)
            paused.append(_happening(origin_id, telling, cause, now))
    types = [HappeningType.SCENARIO_PAUSED, HappeningType.CAMPAIGN_PAUSED]
    if paused:
        tell(shop_id=shop_id, types=types, happened=lambda: paused, now=now)
    tell_owner(shop_id=shop_id, tellings=tellings, now=now)


def _happening(origin_id: UUID, telling: Telling, cause: Cause, now: datetime) -> Happening:
    is_scenario = telling.scenario_id is not None
    return Happening(
        HappeningType.SCENARIO_PAUSED if is_scenario else HappeningType.CAMPAIGN_PAUSED,
        origin_id,
        now,
        {"kind": cause.kind, "reason": str(cause.words)},
        {"scenario" if is_scenario else "campaign": origin_id},
    )


def _pause_scenario(shop_id: int, scenario_id: UUID, cause: Cause) -> Telling | None:
    live = Scenario.objects.filter(shop_id=shop_id, id=scenario_id, state="live")
    name = live.values_list("name", flat=True).first()
    if name is None or not live.update(state="paused", paused_reason=cause.words):
        return None
    return Telling(cause.kind, name, cause.words, scenario_id)


def _pause_campaign(shop_id: int, campaign_id: UUID, cause: Cause) -> Telling | None:
    live = Campaign.objects.filter(shop_id=shop_id, id=campaign_id, state="live")
    name = live.values_list("name", flat=True).first()
    if name is None or not live.update(
        state="paused", paused_kind=cause.kind, paused_reason=cause.words, due_at=None
    ):
        return None
    return Telling("campaign", name, cause.words)


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
