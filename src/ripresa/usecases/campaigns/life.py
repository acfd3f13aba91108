"""Campaigns start, pause, resume and end, each by hand; advance.py does what comes by itself."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from uuid import UUID

import msgspec
from django.db import transaction

from ripresa.contracts.calling.sayings import Saying, said_by, say
from ripresa.contracts.reasons import Reason
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.campaigns import budgets, operations
from ripresa.domain.campaigns.audience import FIRST, Audience
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.plan import CampaignPlan
from ripresa.domain.campaigns.queries import stored_plan
from ripresa.domain.contacts import locking
from ripresa.domain.messages import operations as outbox
from ripresa.domain.segments import queries as segments
from ripresa.domain.segments.conditions import Condition
from ripresa.domain.segments.models import Segment
from ripresa.domain.shops.features import Feature
from ripresa.domain.shops.models import Shop
from ripresa.usecases.approvals import asking, matters
from ripresa.usecases.shops.features import SwitchedOff, require_features

PAGE = 500
_STATES = {
    "draft": say("draft"),
    "scheduled": say("scheduled"),
    "live": say("live"),
    "paused": say("paused"),
    "ended": say("ended"),
}


class NotPossible(Exception):
    """The campaign is not in a state for this, or can't be; the message says why."""


class NotApproved(NotPossible):
    """Letters cost money: the shop wants a second person's word first, and there is none for this file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A budget to set. None: without that limit. `max_cost_minor` in the shop's currency."""

    max_messages: int | None
    max_cost_minor: int | None


def condition_of(shop_id: int, plan: CampaignPlan) -> Condition:
    """For whom a campaign is, as its segment stands now. Raises NotPossible where there is none."""
    if plan.condition is not None:
        return plan.condition
    segment = Segment.objects.filter(shop_id=shop_id, name=plan.segment).first()
    if segment is None:
        raise NotPossible(say("there is no segment {segment!r} any more", segment=plan.segment))
    return segments.condition_of(segment)


def audience_of(campaign: Campaign) -> Audience:
    """Whom it is still for: a draft as things stand, what was started as it was started."""
    plan = stored_plan(campaign)
    if campaign.condition is None:
        condition = condition_of(campaign.shop_id, plan)
    else:
        condition = msgspec.convert(campaign.condition, type=Condition)
    return Audience(campaign.shop_id, campaign.id, plan.about, condition)


@transaction.atomic
def start(campaign: Campaign, *, now: datetime, at_most: int | None = None) -> int:
    """Let a draft begin, at once or at the instant it names; returns how many it is for now.

    Its audience is that of this moment: changing the segment later changes nothing. `at_most`: raises
    NotPossible where it is for more people than these.
    """
    locked = _lock(campaign, "draft")
    plan = stored_plan(locked)
    _require_features(locked, plan)
    _require_approval(locked, plan)
    if plan.schedule.until is not None and plan.schedule.until <= now:
        raise NotPossible(
            say(
                "campaign {name!r} was to end at {until} UTC",
                name=locked.name,
                until=f"{plan.schedule.until:%Y-%m-%d %H:%M}",
            )
        )
    audience = audience_of(locked)
    people = audience.count(now=now)
    if at_most is not None and people > at_most:
        raise NotPossible(
            say(
                "it is for {people} people by now, which is more than {most}",
                people=people,
                most=at_most,
            )
        )
    is_ahead = plan.schedule.start is not None and plan.schedule.start > now
    operations.change(
        locked,
        state="scheduled" if is_ahead else "live",
        condition=msgspec.to_builtins(audience.condition),
        started_at=None if is_ahead else now,
        due_at=plan.schedule.start if is_ahead else now,
    )
    tell_of(locked, Action.STARTED, now, people=people)
    return people


@transaction.atomic
def pause(campaign: Campaign, *, why: str, now: datetime) -> None:
    """Hold back all that is planned, and look for nobody new. Raises NotPossible."""
    locked = _lock(campaign, "scheduled", "live")
    operations.change(locked, state="paused", paused_kind="by_hand", paused_reason=why, due_at=None)
    tell_of(locked, Action.PAUSED, now, why=why)


@transaction.atomic
def resume(campaign: Campaign, *, now: datetime) -> None:
    """Go on: what is still due leaves at once, what is too late is skipped. Raises NotPossible."""
    locked = _lock(campaign, "paused")
    plan = stored_plan(locked)
    _require_approval(locked, plan)
    start_at = plan.schedule.start
    is_ahead = locked.started_at is None and start_at is not None and start_at > now
    operations.change(
        locked,
        state="scheduled" if is_ahead else "live",
        started_at=locked.started_at if is_ahead else locked.started_at or now,
        due_at=start_at if is_ahead else now,
        paused_kind="",
        paused_reason="",
    )
    outbox.release_held(shop_id=locked.shop_id, now=now)
    tell_of(locked, Action.RESUMED, now)


@transaction.atomic
def set_budget(campaign: Campaign, limits: Limits, *, now: datetime) -> None:
    """Allow more, or less, than the file did. Raises NotPossible where more is used up already.

    Where letters need a second person, one at work gets no more by one person alone: more is allowed while
    it is paused, and to go on it needs her word anew.
    """
    locked = _lock(campaign, "draft", "scheduled", "live", "paused")
    if locked.state in {"scheduled", "live"} and _is_more(locked, limits) and _wants_two(locked):
        raise NotPossible(
            say(
                "campaign {name!r} needs a second person's word for more: pause it first",
                name=locked.name,
            )
        )
    used = budgets.used(shop_id=locked.shop_id, campaign_id=locked.id)
    if limits.max_messages is not None and used.messages > limits.max_messages:
        raise NotPossible(say("{count} messages are used already", count=used.messages))
    if limits.max_cost_minor is not None and used.minor > limits.max_cost_minor:
        raise NotPossible(say("{minor} in minor units are used already", minor=used.minor))
    operations.change(
        locked,
        max_messages=limits.max_messages,
        max_cost_minor=limits.max_cost_minor,
        used_messages=used.messages,
        used_minor=used.minor,
    )
    write_down(
        shop_id=locked.shop_id,
        action=Action.CHANGED,
        subject=_subject(locked),
        before={"max_messages": locked.max_messages, "max_cost_minor": locked.max_cost_minor},
        after={"max_messages": limits.max_messages, "max_cost_minor": limits.max_cost_minor},
        now=now,
    )


def end(campaign: Campaign, *, now: datetime) -> int:
    """End it for good; returns how many messages that cancelled. Raises NotPossible.

    Its name and its trail stay. A message that is being sent at this moment may still leave.
    """
    with transaction.atomic():
        locked = _lock(campaign, "scheduled", "live", "paused")
        operations.finish(locked, now=now)
        tell_of(locked, Action.ENDED, now)
    # What a page of its audience still adds in a transaction that saw it live is cancelled at its hand-over.
    after, cancelled = FIRST, 0
    while (page := _cancel_page(campaign, after, now)) is not None:
        after, count = page
        cancelled += count
    operations.count_planned(shop_id=campaign.shop_id, campaign_id=campaign.id)
    return cancelled


@transaction.atomic
def _cancel_page(campaign: Campaign, after: UUID, now: datetime) -> tuple[UUID, int] | None:
    """Cancel what is planned to the next people: where to go on, and how many messages."""
    page = operations.planned_page(
        shop_id=campaign.shop_id, campaign_id=campaign.id, after=after, limit=PAGE
    )
    if not page:
        return None
    locking.lock(shop_id=campaign.shop_id, contact_ids=[contact_id for _, contact_id in page])
    cancelled = operations.cancel_planned(
        shop_id=campaign.shop_id,
        recipient_ids=[recipient_id for recipient_id, _ in page],
        reason=Reason.BY_HAND,
        now=now,
    )
    return page[-1][0], cancelled


def tell_of(campaign: Campaign, action: Action, now: datetime, **after: object) -> None:
    """Keep in the audit log what was done to a campaign."""
    write_down(
        shop_id=campaign.shop_id, action=action, subject=_subject(campaign), after=after, now=now
    )


def _subject(campaign: Campaign) -> Subject:
    return Subject(About.CAMPAIGN, campaign.id, campaign.name)


def _is_more(campaign: Campaign, limits: Limits) -> bool:
    """Whether these limits allow more than it has now."""
    pairs = (
        (campaign.max_messages, limits.max_messages),
        (campaign.max_cost_minor, limits.max_cost_minor),
    )
    return any(old is not None and (new is None or new > old) for old, new in pairs)


def _wants_two(campaign: Campaign) -> bool:
    shop = Shop.objects.get(id=campaign.shop_id)
    return shop.second_person and "letter" in stored_plan(campaign).step.channels


def _require_features(campaign: Campaign, plan: CampaignPlan) -> None:
    shop = Shop.objects.get(id=campaign.shop_id)
    try:
        require_features(shop, plan.message, [Feature.CAMPAIGNS])
    except SwitchedOff as lacking:
        raise NotPossible(said_by(lacking)) from None


def _require_approval(campaign: Campaign, plan: CampaignPlan) -> None:
    if "letter" not in plan.step.channels:
        return
    try:
        asking.require(Shop.objects.get(id=campaign.shop_id), matters.of_campaign(campaign))
    except asking.NeedsApproval as needed:
        raise NotApproved(said_by(needed)) from None


def _lock(campaign: Campaign, *states: str) -> Campaign:
    locked = operations.lock(campaign)
    if locked.state not in states:
        raise NotPossible(
            say(
                "campaign {name!r} is {state}, not {wanted}",
                name=locked.name,
                state=_STATES[locked.state],
                wanted=reduce(_or, [_STATES[one] for one in states]),
            )
        )
    return locked


def _or(one: Saying, other: Saying) -> Saying:
    return say("{one} or {other}", one=one, other=other)
