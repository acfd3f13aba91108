"""Keep campaign files: a new one as a draft, a draft changed under its name; what has begun stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.campaigns import operations
from ripresa.domain.campaigns.file.campaign_file import Setting, parse_campaign
from ripresa.domain.campaigns.models import Campaign, CampaignDraft
from ripresa.domain.campaigns.plan import CampaignPlan
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.scenarios.minted_pools import lay_minted_pools
from ripresa.usecases.scenarios.publish_scenario import surroundings_of
from ripresa.usecases.shops.names_of_shop import names_of_shop

_NOTHING: Mapping[str, Any] = {}


class NotADraft(Exception):
    """The campaign has begun; the message says what it is."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A campaign as it stands now. `is_new`: there was none of that name."""

    campaign: Campaign
    is_new: bool


def check_campaign(text: str, *, file_name: str, shop: Shop) -> CampaignPlan:
    """What a file says, checked against the shop. Raises ScenarioInvalid."""
    names, texts = names_of_shop(shop.id), Texts(shop.id)
    setting = Setting(
        surroundings_of(shop, names=names, texts=texts),
        ZoneInfo(shop.timezone),
        taken=names.begun,
        speaking_of_carts=_speaking_of_carts(texts),
    )
    return parse_campaign(text, file_name=file_name, setting=setting)


def _speaking_of_carts(texts: Texts) -> frozenset[tuple[str, str]]:
    """Templates and channels whose words name the cart, in any language."""
    return frozenset(
        (preset.name, channel)
        for preset in texts.list_all()
        for channel in preset.channels
        for language in preset.languages
        if (found := texts.find(preset.name, channel, language)) is not None
        and any(field.startswith(("cart.", "links.restore")) for field in found.fields_used)
    )


@transaction.atomic
def keep_campaign(*, shop_id: int, text: str, file_name: str, now: datetime) -> Stored:
    """Store a campaign file as a draft; a draft of that name is changed. Raises ScenarioInvalid."""
    shop = Shop.objects.select_for_update(no_key=True).get(id=shop_id)
    plan = check_campaign(text, file_name=file_name, shop=shop)
    lay_minted_pools(shop=shop, steps=[plan.step], now=now)
    values = {
        "about": plan.about,
        "text": text,
        "plan": msgspec.to_builtins(plan),
        "changed_at": now,
        "max_messages": plan.budget.max_messages,
        "max_cost_minor": plan.budget.max_cost_minor,
    }
    drafts = Campaign.objects.select_for_update().filter(shop_id=shop_id, state="draft")
    before = drafts.filter(name=plan.name).first()
    if before is not None:
        drafts.filter(name=plan.name).update(**values)
        kept = Campaign.objects.get(shop_id=shop_id, name=plan.name)
        _tell_of(kept, Action.CHANGED, now, {"file": before.text}, {"file": text})
        return Stored(kept, is_new=False)
    made = Campaign.objects.create(
        shop_id=shop_id, id=new_id(now), name=plan.name, created_at=now, **values
    )
    _tell_of(made, Action.CREATED, now)
    return Stored(made, is_new=True)


def _tell_of(
    campaign: Campaign,
    action: Action,
    now: datetime,
    before: Mapping[str, Any] = _NOTHING,
    after: Mapping[str, Any] = _NOTHING,
) -> None:
    write_down(
        shop_id=campaign.shop_id,
        action=action,
        subject=Subject(About.CAMPAIGN, campaign.id, campaign.name),
        before=before,
        after=after,
        now=now,
    )


@transaction.atomic
def delete_draft(campaign: Campaign, *, now: datetime) -> None:
    """Delete a draft. Raises NotADraft."""
    locked = operations.lock(campaign)
    if locked.state != "draft":
        raise NotADraft(
            f"campaign {locked.name!r} is {locked.state}: only a draft can be deleted, end it instead"
        )
    CampaignDraft.objects.filter(shop_id=locked.shop_id, campaign_id=locked.id).delete()
    locked.delete()
    _tell_of(campaign, Action.REMOVED, now)
