"""Take people into campaigns, see who is through, and follow them when people are merged or parted."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

import msgspec

from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.contracts.reasons import Reason
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.campaigns.audience import Audience, Member
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.plan import STEP, About, CampaignPlan
from ripresa.domain.messages import operations as outbox
from ripresa.domain.segments.conditions import Condition
from ripresa.domain.webhooks.tellers.messages import Planned, tell_planned
from ripresa.domain.webhooks.telling import tell

run = partial(query.run, "ripresa.domain.campaigns")

LEASE = timedelta(minutes=1)


class DueCampaign(NamedTuple):
    """A campaign whose audience has to be looked at."""

    shop_id: int
    id: UUID
    state: str
    about: About
    plan: CampaignPlan
    condition: Condition
    seen_to: UUID | None
    is_exhausted: bool

    @property
    def audience(self) -> Audience:
        """Whom it is for."""
        return Audience(self.shop_id, self.id, self.about, self.condition)


def shops_with_due(now: datetime) -> list[int]:
    """The shops with a campaign that is due, by number."""
    return [shop_id for (shop_id,) in run("shops_with_due", now=now)]


def claim_due(*, shop_id: int, now: datetime) -> DueCampaign | None:
    """Take the campaign that is due longest; nobody else does for a while."""
    rows = run("claim_due", shop_id=shop_id, now=now, lease_until=now + LEASE)
    if not rows:
        return None
    [(campaign_id, state, about, plan, condition, seen_to, is_exhausted)] = rows
    return DueCampaign(
        shop_id,
        campaign_id,
        state,
        about,
        msgspec.json.decode(plan, type=CampaignPlan),
        msgspec.json.decode(condition, type=Condition),
        seen_to,
        is_exhausted,
    )


def add_recipients(
    *, shop_id: int, campaign_id: UUID, plan: CampaignPlan, members: Sequence[Member], now: datetime
) -> int:
    """Take people in and plan their messages, due now; returns how many were new.

    Their locks are held.
    """
    if not members:
        return 0
    ids = [new_id(now) for _ in members]
    step = plan.step
    messages = [(new_id(now), one, channel) for one in ids for channel in step.channels]
    rows = run(
        "add_recipients",
        shop_id=shop_id,
        campaign_id=campaign_id,
        now=now,
        step=STEP,
        template=step.template,
        ids=ids,
        contact_ids=[one.contact_id for one in members],
        cart_ids=[one.cart_id for one in members],
        order_ids=[one.order_id for one in members],
        keys=[one.key for one in members],
        message_ids=[message_id for message_id, _, _ in messages],
        recipient_ids=[recipient_id for _, recipient_id, _ in messages],
        channels=[channel for _, _, channel in messages],
    )
    added = {recipient_id for (recipient_id,) in rows}
    whose = dict(zip(ids, members, strict=True))
    planned = [
        Planned(message_id, whose[one].contact_id, whose[one].cart_id, now)
        for message_id, one, _ in messages
        if one in added
    ]
    tell_planned(shop_id=shop_id, planned=planned, now=now)
    return len(rows)


def count_planned(*, shop_id: int, campaign_id: UUID) -> int:
    """How many people may still be written to; those who are through are noted first."""
    run("finish_recipients", shop_id=shop_id, campaign_id=campaign_id)
    [(planned,)] = run("count_planned", shop_id=shop_id, campaign_id=campaign_id)
    return int(planned)


def planned_page(
    *, shop_id: int, campaign_id: UUID, after: UUID, limit: int
) -> list[tuple[UUID, UUID]]:
    """(recipient, contact) of those who may still be written to."""
    rows = run(
        "planned_recipients", shop_id=shop_id, campaign_id=campaign_id, after=after, limit=limit
    )
    return [(recipient_id, contact_id) for recipient_id, contact_id in rows]


def cancel_planned(
    *, shop_id: int, recipient_ids: Collection[UUID], reason: Reason, now: datetime
) -> int:
    """Cancel what is planned for these recipients, each message with its decision; how many.

    The locks of their people are held.
    """
    if not recipient_ids:
        return 0
    rows = run("planned_messages", shop_id=shop_id, ids=sorted(recipient_ids))
    outbox.settle_planned(
        shop_id=shop_id,
        verdicts=[outbox.cancelled(message_id, reason) for (message_id,) in rows],
        now=now,
    )
    return len(rows)


def follow(
    *, shop_id: int, contact_ids: Iterable[UUID], now: datetime
) -> list[tuple[str, UUID, UUID]]:
    """After a merge or split: recipients and their messages go where their carts and keys went.

    Who is in a campaign twice now keeps one place; what is planned for the other is cancelled. Returns the
    origins that moved: kind, id, and whose they are now.
    """
    found = run("whereabouts", shop_id=shop_id, ids=sorted(set(contact_ids)))
    if not found:
        return []
    ids = [recipient_id for recipient_id, *_ in found]
    doubles = [recipient_id for recipient_id, _, _, is_double in found if is_double]
    # All at once and then each to its place: a person is in a campaign once at every moment.
    run("step_aside", shop_id=shop_id, ids=ids)
    if doubles:
        cancel_planned(shop_id=shop_id, recipient_ids=doubles, reason=Reason.SUPERSEDED, now=now)
    run(
        "move_recipients",
        shop_id=shop_id,
        ids=ids,
        contact_ids=[owner for _, _, owner, _ in found],
        doubles=[is_double for *_, is_double in found],
    )
    return [
        (kind, origin, to) for kind, origin, to in run("follow_messages", shop_id=shop_id, ids=ids)
    ]


def lock(campaign: Campaign) -> Campaign:
    """Lock a campaign, and read it anew. Raises Campaign.DoesNotExist."""
    return lock_by_id(campaign.shop_id, campaign.id)


def lock_by_id(shop_id: int, campaign_id: UUID) -> Campaign:
    """Lock a campaign. Raises Campaign.DoesNotExist."""
    rows = Campaign.objects.select_for_update(no_key=True)
    return rows.get(shop_id=shop_id, id=campaign_id)


def finish(campaign: Campaign, *, now: datetime) -> None:
    """It has ended, for good."""
    change(campaign, state="ended", ended_at=now, due_at=None, paused_kind="", paused_reason="")
    ended = Happening(
        HappeningType.CAMPAIGN_ENDED, campaign.id, now, about={"campaign": campaign.id}
    )
    tell(
        shop_id=campaign.shop_id,
        types=[HappeningType.CAMPAIGN_ENDED],
        happened=lambda: [ended],
        now=now,
    )


def change(campaign: Campaign, **values: object) -> None:
    """Write some columns of a campaign."""
    Campaign.objects.filter(shop_id=campaign.shop_id, id=campaign.id).update(**values)
