"""Whom a campaign has taken, each with her messages and what became of them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from ripresa.domain.campaigns.models import Campaign, CampaignRecipient
from ripresa.domain.messages.models import Message

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Fate:
    """Which recipients: those with a message in this state, for this reason; empty: any."""

    state: str = ""
    reason: str = ""


@dataclass(slots=True)
class Told:
    """Somebody whom a campaign has taken, and her messages by channel."""

    recipient: CampaignRecipient
    messages: list[Message] = field(default_factory=list)


def list_told(campaign: Campaign, fate: Fate, *, older_than: UUID | None, limit: int) -> list[Told]:
    """Recipients, the latest first, with their messages; `older_than`: the last one seen."""
    found = CampaignRecipient.objects.filter(shop_id=campaign.shop_id, campaign_id=campaign.id)
    if older_than:
        found = found.filter(id__lt=older_than)
    if fate.state or fate.reason:
        found = found.filter(Exists(_messages_like(campaign.shop_id, fate)))
    return _with_messages(campaign.shop_id, list(found.order_by("-id")[:limit]))


def every_told(campaign: Campaign, fate: Fate) -> Iterator[Told]:
    """All of them, a page at a time."""
    older_than: UUID | None = None
    while page := list_told(campaign, fate, older_than=older_than, limit=_PAGE):
        yield from page
        older_than = page[-1].recipient.id


def find_told(campaign: Campaign, contact_id: UUID) -> Told | None:
    """What a campaign did for one person."""
    found = CampaignRecipient.objects.filter(
        shop_id=campaign.shop_id, campaign_id=campaign.id, contact_id=contact_id
    ).order_by("is_double")
    told = _with_messages(campaign.shop_id, list(found[:1]))
    return told[0] if told else None


def _messages_like(shop_id: int, fate: Fate) -> "QuerySet[Message]":
    wanted = {
        name: value for name, value in (("state", fate.state), ("reason", fate.reason)) if value
    }
    return Message.objects.filter(
        shop_id=shop_id, origin_kind="campaign", origin_id=OuterRef("id"), **wanted
    )


def _with_messages(shop_id: int, recipients: list[CampaignRecipient]) -> list[Told]:
    by_origin: defaultdict[UUID, list[Message]] = defaultdict(list)
    ids = [one.id for one in recipients]
    for message in Message.objects.filter(
        shop_id=shop_id, origin_kind="campaign", origin_id__in=ids
    ).order_by("channel"):
        by_origin[message.origin_id].append(message)
    return [Told(one, by_origin[one.id]) for one in recipients]
