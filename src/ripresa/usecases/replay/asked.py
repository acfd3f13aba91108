"""Replays that members asked for: asked, found again, forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.scenarios.models import ScenarioDraft, ScenarioReplay
from ripresa.domain.scenarios.plan import Plan
from ripresa.usecases.replay.asking import MOST_DAYS, count_carts

# All that happened to them is held in memory at once.
MOST_CARTS = 100_000
KEPT_FOR = timedelta(days=30)


class TooManyCarts(Exception):
    """More carts than a replay can hold: `count` of them."""

    def __init__(self, count: int) -> None:
        """`count`: how many carts were left behind in the days asked for."""
        super().__init__(f"{count} carts: a replay takes at most {MOST_CARTS}, ask for fewer days")
        self.count = count


@transaction.atomic
def ask(*, draft: ScenarioDraft, plan: Plan, days: int, who: str, now: datetime) -> ScenarioReplay:
    """Let the plan be replayed in the background. The draft's replay that still runs is dropped for it.

    Raises TooManyCarts, and ValueError for days that are not kept any more.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"days must be 1 to {MOST_DAYS}: what happened before is not kept")
    count = count_carts(shop_id=draft.shop_id, days=days, now=now)
    if count > MOST_CARTS:
        raise TooManyCarts(count)
    ScenarioReplay.objects.filter(
        shop_id=draft.shop_id, draft_id=draft.id, state="running"
    ).delete()
    return ScenarioReplay.objects.create(
        shop_id=draft.shop_id,
        id=new_id(now),
        draft_id=draft.id,
        name=draft.name,
        plan=msgspec.to_builtins(plan),
        days=days,
        asked_by=who,
        asked_at=now,
        of=count,
    )


def find_replay(shop_id: int, replay_id: UUID) -> ScenarioReplay | None:
    """One replay of this shop."""
    return ScenarioReplay.objects.filter(shop_id=shop_id, id=replay_id).first()


def latest_of(draft: ScenarioDraft) -> ScenarioReplay | None:
    """The replay of a draft that was asked for last."""
    found = ScenarioReplay.objects.filter(shop_id=draft.shop_id, draft_id=draft.id)
    return found.order_by("-asked_at", "-id").first()


def forget_old(*, shop_id: int, now: datetime) -> int:
    """Forget what ended long ago; returns how many replays that were."""
    old = ScenarioReplay.objects.filter(shop_id=shop_id, ended_at__lt=now - KEPT_FOR)
    return old.delete()[0]
