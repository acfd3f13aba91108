"""Advance campaigns: begin on time, take in the people of the audience, see who is through, end.

A page of people is one transaction. They are locked first, as the fold and the hand-over lock them, and asked
about once more under the lock: so nobody is merged away while she is taken in.
"""

from datetime import datetime

from django.db import transaction

from ripresa.domain.campaigns import operations
from ripresa.domain.campaigns.audience import FIRST
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.operations import DueCampaign
from ripresa.domain.campaigns.rules import (
    FINISH_AFTER,
    TOP_UP_AFTER,
    Turn,
    look_again_at,
    turn_of,
)
from ripresa.domain.contacts import locking

PAGE = 1000
# More are not planned at a time: a pause would have to hold them all, and one campaign would fill the queue.
AHEAD = 10_000
_MOST_TURNS = 20


def advance_campaigns(*, shop_id: int, now: datetime) -> int:
    """Give some due campaigns of a shop a turn each; returns how many turns that were."""
    for turns in range(_MOST_TURNS):
        due = operations.claim_due(shop_id=shop_id, now=now)
        if due is None:
            return turns
        _advance(due, now)
    return _MOST_TURNS


def _advance(due: DueCampaign, now: datetime) -> None:
    planned = operations.count_planned(shop_id=due.shop_id, campaign_id=due.id)
    turn = turn_of(
        due.plan.schedule,
        is_exhausted=due.is_exhausted,
        planned=planned,
        ahead=AHEAD,
        now=now,
    )
    match turn:
        case Turn.END:
            with transaction.atomic():
                locked = operations.lock_by_id(due.shop_id, due.id)
                if locked.state in {"scheduled", "live"}:
                    operations.finish(locked, now=now)
        case Turn.WAIT:
            is_last = due.is_exhausted or planned < AHEAD
            _move(due, due_at=now + (FINISH_AFTER if is_last else TOP_UP_AFTER))
        case Turn.ADD:
            if due.state == "scheduled":
                _move(due, state="live", started_at=now)
            _add_page(due, now)


@transaction.atomic
def _add_page(due: DueCampaign, now: datetime) -> None:
    """Take in the next people, and say when to look for more."""
    page = due.audience.page(now=now, after=due.seen_to or FIRST, limit=PAGE)
    ids = [one.contact_id for one in page]
    locking.lock(shop_id=due.shop_id, contact_ids=ids)
    operations.add_recipients(
        shop_id=due.shop_id,
        campaign_id=due.id,
        plan=due.plan,
        members=due.audience.among(ids, now=now) if ids else [],
        now=now,
    )
    is_full = len(page) == PAGE
    is_exhausted = not is_full and due.plan.schedule.mode == "once"
    _move(
        due,
        seen_to=ids[-1] if is_full else None,
        is_exhausted=is_exhausted,
        due_at=look_again_at(
            due.plan.schedule, is_full=is_full, is_exhausted=is_exhausted, now=now
        ),
    )


def _move(due: DueCampaign, **values: object) -> None:
    """Change it, unless it was paused or ended meanwhile."""
    own = Campaign.objects.filter(shop_id=due.shop_id, id=due.id, state__in=["scheduled", "live"])
    own.update(**values)
