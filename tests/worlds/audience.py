"""Segments and campaigns for the pages over them, and what the lists of pages say of these rooms."""

import msgspec

from ripresa.console.campaigns.words import STEPS
from ripresa.core.ids import new_id
from ripresa.domain.campaigns import operations as operations_of_campaigns
from ripresa.domain.campaigns.models import Campaign, CampaignDraft, CampaignRecipient
from ripresa.domain.campaigns.queries import stored_plan
from ripresa.domain.messages.models import Message
from ripresa.domain.segments import operations
from ripresa.domain.segments.models import Segment
from ripresa.domain.segments.reading import parse_segment
from ripresa.domain.shops.models import Shop
from ripresa.usecases.campaigns.drafts import begin_from_text
from ripresa.usecases.campaigns.keep import keep_campaign
from tests.rows import DAY, T0
from tests.world import World

CAMPAIGN_TEXT = """\
version: 1
name: Letter in May
about: abandoned_cart
audience: {when: {all: [{abandonment: {state: not_recovered}}, {has_email: {eq: true}}]}}
message: {send: [email], template: reminder}
budget: {max_cost: "40.00", cost: {email: "0.01", letter: "0.95"}}
languages: {mode: single, default: it}
legal_basis: consent
"""

REHEARSES = (
    "segment-reach", "campaign-estimate", "campaign-start", "campaign-proof", "campaign-proof-mail",
    "campaign-proof-letter",
)  # fmt: skip


def pages_of(world: World) -> dict[str, str]:
    one, campaign = segment_of(world).id, f"/wines/campaigns/{campaign_of(world).id}"
    sketch = f"/wines/campaigns/drafts/{sketch_of(world).id}"
    return {
        "segments": "/wines/segments/",
        "segment": f"/wines/segments/{one}/",
        "segment-new": "/wines/segments/new/?preset=silent",
        "segment-edit": f"/wines/segments/{one}/edit/",
        "segment-as-file": "/wines/segments/new/?as=file",
        "segment-delete": f"/wines/segments/{one}/delete/",
        "campaigns": "/wines/campaigns/",
        "campaign-new": "/wines/campaigns/new/",
        **{f"campaign-{step.key}": f"{sketch}/{step.key}/" for step in STEPS},
        "campaign-proof": f"{sketch}/proof/",
        "campaign": f"{campaign}/",
        "campaign-start": f"{campaign}/start/",
        "campaign-limits": f"{campaign}/limits/",
        "campaign-people": f"{campaign}/people/?who=cleo",
    }


def make_segment(
    shop: Shop,
    name: str = "Left and not recovered",
    when: str = "{abandonment: {state: not_recovered}}",
) -> Segment:
    text = f"name: {name}\nwhen: {when}\n"
    read = parse_segment(text, file_name="segment.yaml", currency=shop.currency)
    return operations.save(shop_id=shop.id, segment=read, text=text, now=T0)


def segment_of(world: World) -> Segment:
    """A segment of Ada's shop, made when it is first asked for."""
    return Segment.objects.filter(shop=world.shop).first() or make_segment(world.shop)


def campaign_of(world: World) -> Campaign:
    """A campaign that has written to Ben and not to Cleo, made when it is first asked for."""
    return Campaign.objects.filter(shop=world.shop).first() or _make_campaign(world)


def _make_campaign(world: World) -> Campaign:
    kept = keep_campaign(
        shop_id=world.shop.id, text=CAMPAIGN_TEXT, file_name="campaign.yaml", now=T0
    )
    one = kept.campaign
    condition = msgspec.to_builtins(stored_plan(one).condition)
    operations_of_campaigns.change(
        one, state="live", condition=condition, started_at=T0, due_at=T0 + DAY
    )
    one.refresh_from_db()
    for contact, cart, state, reason in (
        (world.ben, world.ben_cart, "sent", "due"),
        (world.cleo, world.cleo_cart, "skipped", "no_consent"),
    ):
        recipient = CampaignRecipient.objects.create(
            shop=world.shop, id=new_id(T0), campaign_id=one.id, contact_id=contact.id, cart_id=cart.id,
            key="", state="over", added_at=T0,
        )  # fmt: skip
        went_out = state == "sent"
        Message.objects.create(
            shop=world.shop, id=new_id(T0), origin_kind="campaign", origin_id=recipient.id, step="campaign",
            step_number=1, channel="email", contact_id=contact.id, cart_id=cart.id, template="reminder",
            state=state, reason=reason, planned_for=T0, handed_over_at=T0 if went_out else None,
            departed_at=T0 if went_out else None, settled_at=T0,
            to_address=contact.email if went_out else None,
        )  # fmt: skip
    return one


def sketch_of(world: World) -> CampaignDraft:
    """A campaign that Ada is writing: to people with a mail address, a letter and a short message too."""
    found = CampaignDraft.objects.filter(shop=world.shop).first()
    if found is None:
        text = CAMPAIGN_TEXT.replace("Letter in May", "Letter in June").replace(
            "[email]", "[email, letter]"
        )
        found = begin_from_text(shop=world.shop, text=text, who="ada@wines.test", now=T0)
    return found
