"""Campaigns of a shop, whom they have reached, and what became of their messages."""

from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache, partial
from typing import NamedTuple
from uuid import UUID

import msgspec

from ripresa.core import query
from ripresa.domain.campaigns.models import Campaign, CampaignRecipient
from ripresa.domain.campaigns.plan import CampaignPlan, narrowed
from ripresa.domain.segments.conditions import Condition

run = partial(query.run, "ripresa.domain.campaigns")


class Outcome(NamedTuple):
    """So many messages in one channel that are in this state, for this reason."""

    channel: str
    state: str
    reason: str | None
    number: int


def list_campaigns(shop_id: int) -> list[Campaign]:
    """All campaigns of a shop, those made latest first."""
    return list(Campaign.objects.filter(shop_id=shop_id).order_by("-id"))


def find_campaign(shop_id: int, campaign_id: UUID) -> Campaign | None:
    """One campaign of this shop."""
    return Campaign.objects.filter(shop_id=shop_id, id=campaign_id).first()


def list_recipients(
    campaign: Campaign, *, older_than: UUID | None, limit: int
) -> list[CampaignRecipient]:
    """Whom a campaign has taken, the latest first; `older_than`: the last one seen."""
    found = CampaignRecipient.objects.filter(shop_id=campaign.shop_id, campaign_id=campaign.id)
    if older_than:
        found = found.filter(id__lt=older_than)
    return list(found.order_by("-id")[:limit])


def find_by_name(shop_id: int, name: str) -> Campaign | None:
    """The campaign of that name."""
    return Campaign.objects.filter(shop_id=shop_id, name=name).first()


def stored_plan(campaign: Campaign) -> CampaignPlan:
    """What its file says."""
    return msgspec.convert(campaign.plan, type=CampaignPlan)


@lru_cache(maxsize=256)
def plan_of(shop_id: int, campaign_id: UUID) -> CampaignPlan:
    """The plan of a campaign that has messages: it does not change any more, so it is read once."""
    return stored_plan(Campaign.objects.only("plan").get(shop_id=shop_id, id=campaign_id))


def audiences_of(shop_id: int, campaign_ids: Collection[UUID]) -> dict[UUID, Condition]:
    """For whom some campaigns are that were started."""
    found = Campaign.objects.filter(shop_id=shop_id, id__in=campaign_ids)
    return {
        one.id: narrowed(stored_plan(one).about, msgspec.convert(one.condition, type=Condition))
        for one in found.only("plan", "condition")
    }


def outcomes(shop_id: int, campaign_ids: Collection[UUID]) -> dict[UUID, list[Outcome]]:
    """What became of the messages of some campaigns."""
    found: defaultdict[UUID, list[Outcome]] = defaultdict(list)
    for campaign_id, *outcome in run("outcomes", shop_id=shop_id, ids=sorted(campaign_ids)):
        found[campaign_id].append(Outcome(*outcome))
    return found


def people_reached(shop_id: int, campaign_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many people some campaigns have taken so far."""
    return dict(run("reached", shop_id=shop_id, ids=sorted(campaign_ids)))


def names_of_recipients(
    shop_id: int, recipient_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, str]]:
    """The campaign behind each recipient: its id and name."""
    if not recipient_ids:
        return {}
    rows = run("names_of_recipients", shop_id=shop_id, ids=sorted(recipient_ids))
    return {recipient_id: (campaign_id, name) for recipient_id, campaign_id, name in rows}
