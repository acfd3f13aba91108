"""Begin, save, keep and drop campaigns that somebody is still writing."""

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from uuid import UUID

from django.db import IntegrityError, transaction

from ripresa.contracts.calling.sayings import say
from ripresa.core.ids import new_id
from ripresa.domain.campaigns.models import Campaign, CampaignDraft
from ripresa.domain.campaigns.plan import CampaignPlan
from ripresa.domain.messages.senders import list_senders
from ripresa.domain.scenarios.file.document import Problem, ScenarioInvalid
from ripresa.domain.scenarios.file.editing import ScenarioText, one_line
from ripresa.domain.shops.models import Shop
from ripresa.usecases.campaigns.keep import check_campaign, delete_draft, keep_campaign
from ripresa.usecases.drafts.writing import Overtaken

FILE = "campaign.yaml"
PRESETS = ("letter", "mail", "sms", "thanks")


def find_draft(shop_id: int, draft_id: UUID) -> CampaignDraft | None:
    """One draft of this shop."""
    return CampaignDraft.objects.filter(shop_id=shop_id, id=draft_id).first()


def list_drafts(shop_id: int) -> list[CampaignDraft]:
    """All that is being written, the latest saved first."""
    return list(CampaignDraft.objects.filter(shop_id=shop_id).order_by("-saved_at"))


def begin_from_preset(*, shop: Shop, preset: str, who: str, now: datetime) -> CampaignDraft:
    """A new campaign as one of PRESETS proposes it, in the shop's language and from its sender."""
    source = files("ripresa.usecases.campaigns") / "presets" / f"{preset}.yaml"
    text = ScenarioText(source.read_text(encoding="utf-8"))
    text.put(("languages",), one_line({"mode": "single", "default": shop.language}))
    senders = list_senders(shop.id)
    if senders:
        text.put(("sender",), senders[0].email)
    elif shop.owner_email:
        text.put(("sender",), one_line({"name": shop.name, "email": shop.owner_email}))
    return begin_from_text(shop=shop, text=text.text(), who=who, now=now)


def begin_from_text(*, shop: Shop, text: str, who: str, now: datetime) -> CampaignDraft:
    """A new campaign from a file, right or wrong, under a free name. Raises ScenarioInvalid: no YAML."""
    campaign = ScenarioText(text, FILE)
    campaign.put(("name",), _free_name(shop.id, str(campaign.get("name", default=""))))
    return _create(shop.id, None, campaign, who, now)


def begin_from_campaign(*, campaign: Campaign, who: str, now: datetime) -> CampaignDraft:
    """What will replace a kept draft: what somebody is writing already, or its file as it stands."""
    there = CampaignDraft.objects.filter(shop_id=campaign.shop_id, campaign_id=campaign.id).first()
    if there is not None:
        return there
    try:
        with transaction.atomic():
            text = ScenarioText(campaign.text, FILE)
            return _create(campaign.shop_id, campaign.id, text, who, now)
    except IntegrityError:  # somebody else began one at this moment: it is hers
        return CampaignDraft.objects.get(shop_id=campaign.shop_id, campaign_id=campaign.id)


def save(*, draft: CampaignDraft, campaign: ScenarioText, who: str, now: datetime) -> None:
    """Keep what was changed. Raises Overtaken, and ValueError when the file has grown too long."""
    read, text, name = draft.text, campaign.text(), str(campaign.get("name", default=""))
    there = CampaignDraft.objects.filter(shop_id=draft.shop_id, id=draft.id, text=read)
    if not there.update(text=text, name=name, saved_by=who, saved_at=now):
        raise Overtaken
    draft.text, draft.name, draft.saved_by, draft.saved_at = text, name, who, now


def check(draft: CampaignDraft, shop: Shop) -> tuple[CampaignPlan | None, Sequence[Problem]]:
    """The campaign that the draft describes, or everything that keeps it from being one."""
    try:
        plan = check_campaign(draft.text, file_name=FILE, shop=shop)
    except ScenarioInvalid as wrong:
        return None, wrong.problems
    taken = Campaign.objects.filter(shop_id=shop.id, name=plan.name).first()
    if taken is not None and taken.id != draft.campaign_id:
        return None, [
            Problem(1, "name", say("there is a campaign {name!r} already", name=plan.name))
        ]
    return plan, ()


@transaction.atomic
def keep(*, draft: CampaignDraft, shop: Shop, now: datetime) -> Campaign:
    """Make it a campaign that can be started. Raises ScenarioInvalid with all that is wrong."""
    plan, problems = check(draft, shop)
    if plan is None:
        raise ScenarioInvalid(FILE, problems)
    own = draft.campaign_id
    before = None if own is None else Campaign.objects.get(shop_id=shop.id, id=own)
    drop(draft)
    if before is not None and before.name != plan.name:
        delete_draft(before, now=now)
    return keep_campaign(shop_id=shop.id, text=draft.text, file_name=FILE, now=now).campaign


def drop(draft: CampaignDraft) -> None:
    """Forget it; what was kept before stays as it is."""
    CampaignDraft.objects.filter(shop_id=draft.shop_id, id=draft.id).delete()


def _create(
    shop_id: int, campaign_id: UUID | None, campaign: ScenarioText, who: str, now: datetime
) -> CampaignDraft:
    return CampaignDraft.objects.create(
        shop_id=shop_id, id=new_id(now), campaign_id=campaign_id, saved_by=who, saved_at=now,
        name=str(campaign.get("name", default="")), text=campaign.text(),
    )  # fmt: skip


def _free_name(shop_id: int, wanted: str) -> str:
    taken = set(Campaign.objects.filter(shop_id=shop_id).values_list("name", flat=True))
    taken |= set(CampaignDraft.objects.filter(shop_id=shop_id).values_list("name", flat=True))
    numbered = (f"{wanted} {number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(one for one in numbered if one not in taken)
